# SPDX-License-Identifier: GPL-2.0
# Memory fails the module while it is loaded, allocation by allocation: it is
# refused and leaves nothing, or it works as far as it says
# machines: amd
# memory: 2048
# files: selftests/netlink/nltest selftests/debug/nth/lib.sh:/nth.sh selftests/debug/nth/load.sh:/load.sh
. /nth.sh
fail_ready
. /load.sh

# Every step of the ladder has to be taken back once, beside those that are when it
# unloads. To probe them takes as long as to load the module.
STEPS="async vm account watch settle switch probe async_probe changes roots shadow
	detail debugfs"
PROBES=/sys/kernel/tracing/kprobe_events

follow_steps()
{
	local step

	for step in $STEPS; do
		echo "p:steps/$step kvmfault:kvmfault_${step}_exit"
	done > $PROBES
	echo 1 > /sys/kernel/tracing/events/steps/enable
}

steps_of()
{
	awk -v step="$1" '$1 == step { print $2 }' /sys/kernel/tracing/kprobe_profile
}

failing_load
# What may refuse the family is memory for its number: once in 64 times.
follow_steps
unloaded=0
fail_in genl_register_family insmod
refused=0 loaded=0 fail_at=0
while [ $refused -eq 0 ] && [ $fail_at -lt 80 ]; do
	fail_at=$((fail_at + 1))
	fail_nth 1
	load max_vms=2
done
fail_nth 0
fail_end
eq "a module whose family is refused" "$refused" 1
# Each is done once when it unloads.
left=
for step in $STEPS; do
	[ "$(steps_of $step)" -gt $unloaded ] || left="$left $step"
done
eq "steps that were never taken back" "$left" ""
echo 0 > /sys/kernel/tracing/events/steps/enable
echo > $PROBES

kvmfault_load
exact_after_it --pages 37 --mmio 9
