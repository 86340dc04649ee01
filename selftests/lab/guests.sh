# SPDX-License-Identifier: GPL-2.0
# For cases: counting guests that stay, and what is expected of them

# expect_of ARGS...: what a guest with these arguments will cause
expect_of() {
	expect_line=$(kvmfault-guest --expect-only "$@" | grep '^expect ')
}

# expected CLASS: of the last guest that was held or asked about
expected() {
	echo "$expect_line" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# guest_start ARGS...: a guest in the background, its words in /tmp/guest.log
guest_start() {
	rm -f /tmp/guest.in
	mkfifo /tmp/guest.in
	kvmfault-guest "$@" </tmp/guest.in >/tmp/guest.log 2>&1 &
	guest_job=$!
	# Held open: its end is the end of the guest's standard input.
	exec 9>/tmp/guest.in
}

# guest_settled [N]: wait until N guests have done their work and hold
guest_settled() {
	for _ in $(seq 600); do
		[ "$(grep -c '^hold ' /tmp/guest.log)" -ge "${1:-1}" ] && return
		kill -0 "$guest_job" 2>/dev/null || break
		sleep 0.1
	done
	not_ok "the guest did its work" "$(tail -n 1 /tmp/guest.log)"
	return 1
}

# guest_hold ARGS...: a guest that has done its work and stays alive
guest_hold() {
	expect_of "$@"
	guest_start "$@" --hold
	guest_settled
}

guest_pid() {
	sed -n 's/^hold pid=//p' /tmp/guest.log | head -n 1
}

# guest_release: let the guest that holds go, and wait until it has gone
guest_release() {
	exec 9>&-
	wait "$guest_job" ||
		not_ok "the guest ended well" "$(tail -n 1 /tmp/guest.log)"
}

# guest_wait: wait for a guest that ends by itself
guest_wait() {
	exec 9>&-
	wait "$guest_job"
}

# guest_stop: end a guest whatever it is doing
guest_stop() {
	exec 9>&-
	kill "$guest_job" 2>/dev/null
	wait "$guest_job" 2>/dev/null
}
