# SPDX-License-Identifier: GPL-2.0
# A guest that runs a guest without nested paging: it shadows page tables itself, so
# that all faults are tdp faults, of whoever ran
# machines: amd

# The five tables that the second guest runs on, its code, which KVM does not map for
# both guests at once, and its pages. Of the 17 that are not in these tables its
# hypervisor is told, and no fault of KVM's is.
SYSTEM=6
PAGES=61

T=/sys/kernel/tracing

# events CLASS GUEST: how many the trace has.
events()
{
	grep "kvmfault_fault: vm=2 .* class=$1 " /tmp/trace | grep -c " guest=$2\$"
}

kvmfault_load
guest --pages 31 > /dev/null
echo 4096 > $T/buffer_size_kb
echo 1 > $T/events/kvmfault/kvmfault_fault/enable
guest_start --scene nested-shadow --pages $PAGES --hold
guest_settled
echo 0 > $T/events/kvmfault/kvmfault_fault/enable
cat $T/trace > /tmp/trace

all=$(cell vms vm=2 tdp)
eq "each tdp fault has its exit" "$(cell vms vm=2 violation)" "$all"
eq "none is one of shadow paging" "$(pick vms vm=2 shadow)" 0
eq "so nothing of a nested guest is in shadow" \
	"$(cell shadow vm=2 nested) $(cell shadow vm=2 reflected)" "0 0"
for class in tdp violation; do
	eq "the event says whose they are: $class" \
		"$(events $class L2) $(events $class L1)" \
		"$((SYSTEM + PAGES)) $((all - SYSTEM - PAGES))"
done
eq "faults does not: all are the first guest's" \
	"$(sum faults vm=2,guest=L1 count) $(sum faults vm=2,guest=L2 count)" \
	"$all 0"
guest_release
eq "nothing is missed" "$(sum probes - missed)" 0
