# SPDX-License-Identifier: GPL-2.0
# A guest in 32-bit mode that runs a guest: on AMD KVM shadows its tables in a function
# of their own kind
# machines: amd
PROBE=paging32_page_fault

hits()
{
	cell probes probe=$PROBE hits
}

kvmfault_load
eq "it is probed" "$(cell probes probe=$PROBE state)" armed
guest --pages 31 > /dev/null
eq "by others it is not called" "$(hits)" 0
guest_start --scene nested-32 --pages 61 --hold
guest_settled
eq "its code and the pages" "$(hits)" $((1 + 61))
eq "in shadow" "$(cell shadow vm=2 count)" $((1 + 61))
eq "all of them while it ran" "$(cell shadow vm=2 nested)" $((1 + 61))
eq "the pages are first writes" \
	"$(sum faults vm=2,class=shadow,access=write,cause=absent,outcome=fixed,guest=L2 count)" 61
eq "nothing is reflected" "$(cell shadow vm=2 reflected)" 0
taken=$(cat /sys/kernel/debug/kvm/[0-9]*-*/pf_taken 2> /dev/null)
if [ -n "$taken" ]; then
	eq "together as many as KVM has taken" \
		"$(($(cell vms vm=2 tdp) + $(cell shadow vm=2 count)))" "$taken"
else
	skip "together as many as KVM has taken" "this KVM does not count them"
fi
guest_release
eq "nothing is missed" "$(sum probes - missed)" 0
