# SPDX-License-Identifier: GPL-2.0
# This kernel looks where it should: without that its silence means nothing
# machines: intel amd

grep_number()
{
	sed -n "s/^$1: *\([0-9]*\).*/\1/p" /sys/kernel/debug/kcsan
}

if [ -e /sys/kernel/debug/kcsan ]; then
	kvmfault_load
	before=$(grep_number setup_watchpoints)
	guest --pages 500 --mmio 50
	note "watchpoints: $before, then $(grep_number setup_watchpoints)"
	gt "our accesses are watched" "$(grep_number setup_watchpoints)" "$before"
	exit
fi

check "leaks are looked for" test -e /sys/kernel/debug/kmemleak
check "allocations can fail" test -e /sys/kernel/debug/failslab
check "locks are proven" grep -q "lock-classes" /proc/lockdep_stats
check "it has not given up" grep -q "debug_locks: *1" /proc/lockdep_stats
