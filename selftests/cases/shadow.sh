# SPDX-License-Identifier: GPL-2.0
# Shadow paging: its faults, what is the guest's own, and what happens to the
# tables; and KVM going from one paging to the other under a loaded kvmfault
# machines: intel amd
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

# KVM's own count, of all VMs that live.
kvm_count()
{
	cat "/sys/kernel/debug/kvm/$1"
}

# busy VM: how long it was in its faults, in ns, as summary says it: with one digit
# after the point, or none, and the rest cut off.
busy()
{
	sed -n '/^busiest VMs/,$p' $KVMFAULT_DIR/summary | awk -v vm="$1" '
		BEGIN { unit["ns"] = 1; unit["us"] = 1e3; unit["ms"] = 1e6; unit["s"] = 1e9 }
		$1 == vm { printf "%.0f\n", $5 * unit[$6] }'
}

reload()
{
	kvm_unload && kvm_load "$@"
}

case $(kvm_vendor) in
kvm_intel)	off=ept=0 exits="handle_ept_violation handle_ept_misconfig" ;;
kvm_amd)	off=npt=0 exits=kvm_mmu_page_fault ;;
esac

# Two-dimensional paging: the same guest makes no work for a shadow.
kvmfault_load
guest_hold --scene tables --pages 61
eq "without shadow paging there is nothing to tell" "$(rows shadow)" 0
eq "and none of its classes" "$(pick latency class=shadow count)" ""
eq "its violations have their tdp" "$(cell vms vm=1 violation)" \
	"$(cell vms vm=1 tdp)"
guest_release

check "disable what is called now" switch_probe kvm_tdp_page_fault 0
check "KVM comes back without two-dimensional paging" reload $off
check "enable it again" switch_probe kvm_tdp_page_fault 1
eq "what is called now is probed" \
	"$(pick probes probe=paging64_page_fault state)" armed
eq "what is not called is not" "$(pick probes probe=kvm_tdp_page_fault state)" ""
eq "every probe is armed" "$(pick probes - state | sort -u)" armed

# Its layout is learnt anew; how KVM speaks is known after that.
guest --pages 64 > /dev/null
before=$(cell probes probe=paging64_page_fault hits)

# The pages, the code, and the first MMIO write.
guest_hold --pages 307 --mmio 53
eq "shadow in vms" "$(cell vms vm=3 shadow)" 309
eq "shadow in vcpus" "$(cell vcpus vm=3,vcpu=0 shadow)" 309
eq "shadow in latency" "$(cell latency vm=3,class=shadow count)" 309
eq "shadow in histogram" "$(sum histogram vm=3,class=shadow count)" 309
eq "shadow in faults" "$(sum faults vm=3,class=shadow count)" 309
eq "shadow in shadow" "$(cell shadow vm=3 count)" 309
eq "shadow in probes" \
	"$(($(cell probes probe=paging64_page_fault hits) - before))" 309
eq "pages are first writes" \
	"$(sum faults vm=3,access=write,cause=absent,outcome=fixed count)" 307
eq "its time is that of its kinds" "$(sum faults vm=3,class=shadow sum_ns)" \
	"$(cell latency vm=3,class=shadow sum_ns)"
eq "MMIO after the first write is told by a reserved bit" \
	"$(cell vms vm=3 misconfig) $(cell vms vm=3 userspace)" "52 52"
eq "nothing else" "$(cell vms vm=3 violation) $(cell vms vm=3 tdp)" "0 0"
all=$(($(cell latency vm=3,class=shadow sum_ns) +
	$(cell latency vm=3,class=misconfig sum_ns)))
within "the time of both is what summary ranks it by" "$(busy 3)" \
	$((all / 10 * 9)) "$all"
eq "no fault is the guest's own" "$(cell shadow vm=3 injected)" 0
eq "pages of page tables, as KVM has made them" "$(cell shadow vm=3 pages)" \
	"$(kvm_count mmu_cache_miss)"
guest_release

# A guest that pages. KVM's own counts are those of this VM alone.
guest_hold --scene tables --pages 61
eq "faults of the guest's own" "$(cell shadow vm=4 injected)" 61
eq "as KVM counts them" "$(kvm_count pf_guest)" 61
eq "they are told apart" \
	"$(sum faults vm=4,access=write,cause=absent,outcome=injected count)" 61
ge "and each is followed by one that KVM fixes" \
	"$(sum faults vm=4,access=write,outcome=fixed count)" 61
eq "kinds add up" "$(sum faults vm=4 count)" "$(cell shadow vm=4 count)"
eq "none is of a guest's guest" \
	"$(cell shadow vm=4 nested) $(cell shadow vm=4 reflected)" "0 0"
eq "INVLPG" "$(cell shadow vm=4 invlpg)" 23
eq "as KVM counts them" "$(kvm_count invlpg)" 23
eq "loads of CR3" "$(cell shadow vm=4 cr3)" 14
eq "switches to another root" "$(cell shadow vm=4 roots)" 14
ge "each has tables looked through" "$(cell shadow vm=4 syncs)" 14
eq "writes to a page directory" "$(cell shadow vm=4 writes)" 2
eq "as KVM counts them" "$(kvm_count mmu_pte_write)" 2
eq "netlink says the same" \
	"$(nltest dump shadow-get vm=4 |
		sed -n 's/.* injected=\([0-9]*\) .* invlpg=\([0-9]*\) .*/\1 \2/p')" \
	"61 23"
guest_release
eq "with the VM they are in vm 0" \
	"$(cell shadow vm=0 injected) $(cell shadow vm=0 invlpg)" "61 23"
eq "which has no pages" "$(cell shadow vm=0 pages)" 0

# Asleep in such a fault.
listen alert
guest_start --stuck
check "who is asleep in one is found" wait_until 20 \
	grep -q "^5 0 asleep" $KVMFAULT_DIR/stuck
check "and told" wait_until 20 told alert kind=asleep
eq "as what it is" "$(grep kind=asleep $NL.alert | value class)" shadow
check "disable the probe of another" switch_probe nonpaging_page_fault 0
sleep 1
eq "it is asleep all the same" "$(cell stuck vm=5 how)" asleep
check "disable its own" switch_probe paging64_page_fault 0
check "then it is forgotten" wait_until 20 nobody_stuck
for probe in nonpaging_page_fault paging64_page_fault; do
	check "enable $probe" switch_probe $probe 1
done
guest_stop

nltest do reset > /dev/null
eq "after a reset there is nothing" "$(rows shadow)" 0

check "KVM comes back as it was" reload
for probe in $exits kvm_tdp_page_fault; do
	eq "$probe is probed again" "$(pick probes probe=$probe state)" armed
done
guest_hold --pages 31 --mmio 5
for class in violation misconfig tdp; do
	eq "$class is exact" "$(cell vms vm=6 $class)" "$(expected $class)"
done
eq "nothing new in shadow" "$(rows shadow)" 0
guest_release
eq "nothing is missed" "$(sum probes - missed)" 0
eq "nobody is said to be bypassed" "$(kernel_log | grep -c 'calls past it')" 0
