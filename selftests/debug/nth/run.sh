# SPDX-License-Identifier: GPL-2.0
#
# For cases in which memory fails the module while it runs. Sourced by them, after
# nth.sh.
#
#	run_start		load it and switch all on, beside guests who have come to
#				rest and who listens
#	run_stop		unload it, without them
#	all NAME [WHOLE]	checks that allocations have failed, and at least so many
#				that are larger than a page, or for all CPUs
#	ask ARGS...		what nltest does, to which there has to be an answer
#	listen, stop_listening	to births and alerts
#	fail_stride		from the 16th on every so many allocations fail, unless
#				there is time for each

parameters=/sys/module/kvmfault/parameters
listeners=
fail_stride=5

all()
{
	gt "$1: every allocation has failed once" "$fail_n" 0
	[ -z "${2:-}" ] || ge "$1: large ones too" "$fail_wholes" "$2"
	note "$1: $fail_n, of which $fail_wholes are large"
}

# Answered, refused, or told that an answer is lost; but not kept waiting.
ask()
{
	timeout 20 nltest "$@" > /tmp/said 2>&1
	[ $? -ne 143 ] || grep -q overrun /tmp/said ||
		not_ok "there is an answer" "$*, allocation $fail_at: $(tail -n 1 /tmp/said)"
}

# Of what goes through many that are alike, some.
fail_next()
{
	if [ -n "${KVMFAULT_FAILS:-}" ] || [ $1 -lt 16 ]; then
		echo $(($1 + 1))
	else
		echo $(($1 + fail_stride))
	fi
}

# Nothing is made for a group that nobody listens to; and it goes with the module.
listen()
{
	local group

	for group in vm alert; do
		nltest listen $group 1000000 > /tmp/heard.$group &
		listeners="$listeners $!"
		wait_until 30 grep -qs listening /tmp/heard.$group
	done
}

stop_listening()
{
	kill $listeners
	wait $listeners 2> /dev/null
	listeners=
}

run_start()
{
	kvmfault_load maxactive=8
	listen
	guest_start --pages 20 --mmio 4 --vcpus 2 --parallel 4 --hold
	guest_settled 4
	echo Y > $parameters/hot
	echo Y > $parameters/recent
	echo Y > $parameters/stages
}

run_stop()
{
	guest_release
	stop_listening
	kvmfault_unload
}
