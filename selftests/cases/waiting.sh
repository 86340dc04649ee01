# SPDX-License-Identifier: GPL-2.0
# kvmfault waits for KVM, and follows it as it goes and comes
# machines: intel amd

kvm_unload
kvmfault_load
eq "without KVM every probe waits" "$(pick probes - state | sort -u)" waiting
for_eyes=$(cat "$KVMFAULT_DIR"/*) && ok "the files can be read all the same" ||
	not_ok "the files can be read all the same"

kvm_load
eq "KVM comes: every probe is armed" "$(pick probes - state | sort -u)" armed
guest --pages 37 --mmio 11
expect_of --pages 37 --mmio 11
eq "faults are counted" "$(cell vms vm=0 tdp)" "$(expected tdp)"

for round in 2 3 4; do
	kvm_unload
	eq "KVM goes: every probe waits" "$(pick probes - state | sort -u)" \
		waiting
	eq "what was counted stays" "$(cell vms vm=0 tdp)" \
		"$(((round - 1) * $(expected tdp)))"
	kvm_load
	guest --pages 37 --mmio 11
	for class in violation misconfig tdp; do
		eq "round $round: $class goes on" "$(cell vms vm=0 $class)" \
			"$((round * $(expected $class)))"
		eq "round $round: so do the hits" "$(hits_of $class)" \
			"$((round * $(expected $class)))"
	done
done
