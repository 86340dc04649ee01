# SPDX-License-Identifier: GPL-2.0
# One guest with known faults: every class to the unit, in every file
# machines: intel amd

# Beside the pages and the first MMIO write, what the guest starts from faults
# once each; `guest --expect` says how much that is.
kvmfault_load
guest_hold --pages 307 --mmio 53

eq "violation in vms" "$(cell vms vm=1 violation)" "$(expected violation)"
eq "misconfig in vms" "$(cell vms vm=1 misconfig)" "$(expected misconfig)"
eq "tdp in vms" "$(cell vms vm=1 tdp)" "$(expected tdp)"
eq "userspace in vms" "$(cell vms vm=1 userspace)" 53
eq "all but the first MMIO write are misconfigs" "$(expected misconfig)" 52
ge "pages and little else are violations" "$(expected violation)" 308
le "pages and little else are violations" "$(expected violation)" 315

for class in violation misconfig tdp; do
	eq "$class in vcpus" "$(cell vcpus vm=1,vcpu=0 $class)" \
		"$(expected $class)"
	eq "$class in latency" "$(cell latency vm=1,class=$class count)" \
		"$(expected $class)"
	eq "$class in histogram" "$(sum histogram vm=1,class=$class count)" \
		"$(expected $class)"
	eq "$class in probes" "$(hits_of $class)" "$(expected $class)"
done

eq "state" "$(cell vms vm=1 state)" live
eq "vcpus" "$(cell vms vm=1 vcpus)" 1
eq "pid" "$(cell vms vm=1 pid)" "$(guest_pid)"
eq "comm" "$(cell vms vm=1 comm)" kvmfault-guest
eq "nothing had to be tried again" "$(cell vms vm=1 retry)" 0
eq "faults told apart add up" "$(sum faults vm=1 count)" "$(expected tdp)"
eq "every page was a first write" \
	"$(sum faults vm=1,access=write,cause=absent,outcome=fixed count)" \
	"$(($(expected tdp) - 1 - $(sum faults vm=1,access=exec count)))"
eq "the first MMIO write stands alone" \
	"$(sum faults vm=1,cause=mmio,outcome=emulate count)" 1
eq "nothing is missed" "$(sum probes - missed)" 0
eq "vm 0 is empty" "$(cell vms vm=0 violation)" 0

guest_release
eq "the dead VM is gone" "$(pick vms vm=1 violation)" ""
eq "its violations are in vm 0" "$(cell vms vm=0 violation)" \
	"$(expected violation)"
eq "its histogram is in vm 0" "$(sum histogram vm=0,class=tdp count)" \
	"$(expected tdp)"
eq "its vCPU is gone" "$(pick vcpus vm=1,vcpu=0 tdp)" ""
eq "its death was seen" "$(cell probes probe=kvm_destroy_vm hits)" 1
