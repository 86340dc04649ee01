# SPDX-License-Identifier: GPL-2.0
# The vendor's KVM goes and comes under a loaded kvmfault, again and again, with
# a guest in between: exact counts each time
# machines: intel amd

# On the kernel's command line, KVMFAULT_ROUNDS=20 makes it twenty rounds.
rounds=${KVMFAULT_ROUNDS:-3}
wanted_violation=0 wanted_misconfig=0 wanted_tdp=0

# Every other time kvm itself goes, too: the probes in it must follow as well.
go_and_come()
{
	if [ $((round % 2)) -eq 0 ]; then
		kvm_unload
	else
		rmmod "$(kvm_vendor)"
	fi && kvm_load
}

kvmfault_load
round=1
while [ "$round" -le "$rounds" ]; do
	check "round $round: KVM goes and comes" go_and_come
	eq "round $round: every probe is armed" \
		"$(pick probes - state | sort -u)" armed

	# Other numbers each time, or a count shown twice would not be found.
	expect_of --pages $((20 + round)) --mmio $((3 + round))
	check "round $round: a guest runs" \
		guest --pages $((20 + round)) --mmio $((3 + round))
	for class in violation misconfig tdp; do
		eval "wanted=\$((wanted_$class += expected_$class))"
		eq "round $round: $class" "$(cell vms vm=0 $class)" "$wanted"
		eq "round $round: $class in probes" "$(hits_of $class)" \
			"$wanted"
	done
	round=$((round + 1))
done

eq "nothing is missed" "$(sum probes - missed)" 0
eq "every death was seen" "$(cell probes probe=kvm_destroy_vm hits)" "$rounds"
