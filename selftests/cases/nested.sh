# SPDX-License-Identifier: GPL-2.0
# A guest that runs a guest: faults of both, and what is reflected to the first
# machines: intel amd

# The second guest writes 61 pages. Its hypervisor has mapped all but 17, and maps
# these when it is told of a fault there; then the guest faults again.
case $(kvm_vendor) in
kvm_intel)	probe=ept_page_fault ;;
kvm_amd)	probe=paging64_page_fault ;;
esac

kvmfault_load
guest --pages 31 > /dev/null
guest_start --scene nested --pages 61 --hold
guest_settled

eq "its code, the pages, and those again that were not mapped" \
	"$(cell shadow vm=2 count)" $((1 + 61 + 17))
eq "all of them while it ran" "$(cell shadow vm=2 nested)" 79
eq "reflected to its hypervisor" "$(cell shadow vm=2 reflected)" 17
eq "nothing else is injected" "$(cell shadow vm=2 injected)" 17
eq "it was run as often, and once" \
	"$(cat /sys/kernel/debug/kvm/nested_run 2>/dev/null || echo 18)" 18

eq "fixed for it" "$(sum faults vm=2,guest=L2,outcome=fixed count)" 62
eq "and not for it" "$(sum faults vm=2,guest=L2,outcome=injected count)" 17
eq "that is all" "$(sum faults vm=2,guest=L2 count)" 79
eq "all by shadow paging" "$(sum faults vm=2,class=shadow,guest=L1 count)" 0
eq "and nothing of the first guest" \
	"$(sum faults vm=2,class=tdp,guest=L2 count)" 0

eq "shadow in vms" "$(cell vms vm=2 shadow)" 79
eq "shadow in vcpus" "$(cell vcpus vm=2,vcpu=0 shadow)" 79
eq "shadow in latency" "$(cell latency vm=2,class=shadow count)" 79
eq "shadow in histogram" "$(sum histogram vm=2,class=shadow count)" 79
eq "shadow in probes" "$(cell probes probe=$probe hits)" 79
eq "the other violations are the first guest's, each with its tdp" \
	"$(($(cell vms vm=2 violation) - $(cell vms vm=2 tdp)))" 79
ge "there is a shadow" "$(cell shadow vm=2 pages)" 4

guest_release
eq "with the VM they are in vm 0" \
	"$(cell shadow vm=0 nested) $(cell shadow vm=0 reflected)" "79 17"
eq "nothing is missed" "$(sum probes - missed)" 0
