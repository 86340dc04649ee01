# SPDX-License-Identifier: GPL-2.0
# Memory fails those who ask, allocation by allocation: they are told, and nobody
# else is hurt
# machines: amd
# memory: 2048
# files: selftests/netlink/nltest

file=/proc/self/fail-nth
[ -e $file ] || skip_all "this kernel cannot let allocations fail (CONFIG_FAULT_INJECTION)"

# Every allocation, in any context that the task is in; without a word of each.
for kind in failslab fail_page_alloc; do
	echo 0 > /sys/kernel/debug/$kind/verbose
	echo N > /sys/kernel/debug/$kind/ignore-gfp-wait
done
echo N > /sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
echo 0 > /sys/kernel/debug/fail_page_alloc/min-order

# nth N COMMAND...: its N-th allocation fails. The first ones are the program's
# own: to start it.
nth()
{
	local n=$1

	shift
	sh -c 'echo $1 > /proc/self/fail-nth; shift; exec "$@"' sh "$n" "$@"
}

kvmfault_load
guest_hold --pages 20 --mmio 4
told=0 unanswered=0
n=1
while [ $n -le "${KVMFAULT_FAILS:-300}" ]; do
	for name in summary vms vcpus faults histogram; do
		if nth $n cat "$KVMFAULT_DIR/$name" > /tmp/read 2> /tmp/complains; then
			[ "$(wc -l < /tmp/read)" -eq $(($(rows $name) + 1)) ] ||
				not_ok "$name is whole, or an error" "allocation $n"
		else
			! grep -q "^cat: " /tmp/complains || told=$((told + 1))
		fi
	done
	for what in "dump vm-get" "do info-get" "do reset"; do
		nth $n nltest $what > /tmp/said 2>&1
		! grep -q "^\(error\|failed\)" /tmp/said ||
			unanswered=$((unanswered + 1))
	done
	n=$((n + 7))
	[ $((n % 10)) -ne 0 ] || note "so far: $n allocations"
done
note "told: $told, by netlink $unanswered"
gt "who reads without memory is told" "$told" 0
gt "and who asks" "$unanswered" 0
guest_release
nltest do reset > /dev/null
exact_after_it --pages 37 --mmio 9
kvmfault_unload
eq "it unloads" "$?" 0
