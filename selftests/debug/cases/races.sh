# SPDX-License-Identifier: GPL-2.0
# Two CPUs that fault, while all is read, switched and reset: no two accesses race
# machines: intel amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest selftests/lab/storm.sh:/storm.sh
. /storm.sh

# The Intel machine changes CPUs every few instructions, so what is watched there
# for a moment is met by the other CPU; the AMD machine changes them ten times a
# second.

report=/sys/kernel/debug/kcsan
[ -e $report ] || skip_all "this kernel does not look for data races (CONFIG_KCSAN)"
rounds=${KVMFAULT_RACES:-1}
skip=/sys/module/kcsan/parameters/skip_watch
parameters=/sys/module/kvmfault/parameters

read_each()
{
	local dump

	cat "$KVMFAULT_DIR"/* > /dev/null
	for dump in $(nltest dumps); do
		nltest dump $dump
	done > /dev/null
}

# once ROUND: each thing that can be switched, on and off.
once()
{
	nltest do settings-set hot=1 recent=1 stages=1 stuck-ms=10 alert-ns=1 alert-interval-ms=1
	read_each
	echo 1 > /sys/kernel/tracing/events/kvmfault/enable
	nltest do reset
	echo direct > $parameters/engine
	read_each
	echo 0 > /sys/kernel/tracing/events/kvmfault/enable
	nltest do probe-set name=kvm_tdp_page_fault enabled=0
	echo kretprobe > $parameters/engine
	nltest do probe-set name=kvm_tdp_page_fault enabled=1
	nltest do settings-set hot=0 recent=0 stages=0 alert-ns=0
	read_each
} > /tmp/once

watched()
{
	sed -n 's/^setup_watchpoints: *\([0-9]*\).*/\1/p' $report
}

skipped=$(cat $skip)
[ "$(kvm_vendor)" = kvm_intel ] || echo 20 > $skip
kvmfault_load slots=4 maxactive=8
before=$(watched)
kvmfault-guest --pages 60 --mmio 10 --vcpus 2 --rounds 1000000 < /dev/null > /dev/null 2>&1 &
guests=$!
kvmfault-guest --pages 10 --mmio 3 --vms 1000000 --parallel 2 < /dev/null > /dev/null 2>&1 &
guests="$guests $!"
kvmfault-guest --thrash 100000 < /dev/null > /dev/null 2>&1 &
guests="$guests $!"
sleep 1
round=0 refused=0
while [ $round -lt "$rounds" ]; do
	once
	! grep "^error" /tmp/once || refused=$((refused + 1))
	round=$((round + 1))
	progress $round rounds
done
check "guests fault to the end" runs $guests
kill $guests
wait $guests 2> /dev/null
eq "nothing was refused" "$refused" 0
gt "our accesses are watched" "$(watched)" "$before"
note "watched: $(($(watched) - before)), faults: $(sum vms - tdp)"
kvmfault_unload
eq "it unloads" "$?" 0
echo "$skipped" > $skip
