# SPDX-License-Identifier: GPL-2.0
# Shadow paging of guests of 32 bits: with page tables, and without paging
# machines: amd

# Each is in long mode for one instruction before, where it faults once. Then it
# faults for the page with its code, and for each page that it writes.
STARTS=1
CODE=1

hits()
{
	cell probes "probe=$1_page_fault" hits
}

summary_missed()
{
	sed -n 's/^missed  *\([0-9]*\).*/\1/p' $KVMFAULT_DIR/summary
}

# What was missed stays so when its probe is of no use any more.
kvmfault_load maxactive=1
guest --pages 31 --vcpus 2 --slow 3 --delay 300ms > /dev/null
missed=$(summary_missed)
gt "calls are missed" "$missed" 0
kvm_unload
kvm_load npt=0
eq "and are when KVM comes back without two-dimensional paging" \
	"$(summary_missed)" "$missed"
kvmfault_unload

check "KVM comes back without two-dimensional paging" kvm_unload
check "as it was asked to" kvm_load npt=0

# Until it is known how KVM speaks it is not said who asked, nor for what.
kvmfault_load
guest --pages 1 --mmio 3 > /dev/null
eq "code, a page and MMIO" "$(sum faults class=shadow count)" 3
case $(uname -r) in
5.10.*)	skip "MMIO is not taken for memory" "this KVM does not say where a fault was" ;;
*)	eq "MMIO is not taken for memory" \
		"$(sum faults class=shadow,cause=absent count)" 0 ;;
esac
kvmfault_unload

kvmfault_load
for probe in paging64 paging32 nonpaging; do
	eq "$probe is probed" "$(cell probes probe=${probe}_page_fault state)" armed
done
guest --pages 64 > /dev/null
before=$(hits paging64)

# Of 307 pages the tables have an entry, of 13 they have none: those are the guest's.
guest_hold --scene paging32 --pages 307
eq "32-bit tables, hits: code, pages, and pages without an entry" \
	"$(hits paging32)" $((CODE + 307 + 13))
eq "in long mode before" "$(($(hits paging64) - before))" $STARTS
eq "without paging" "$(hits nonpaging)" 0
eq "all in shadow" "$(cell shadow vm=2 count)" $((STARTS + CODE + 307 + 13))
eq "and in latency" "$(cell latency vm=2,class=shadow count)" \
	$((STARTS + CODE + 307 + 13))
eq "the guest's own" "$(cell shadow vm=2 injected)" 13
eq "as KVM counts them" "$(cat /sys/kernel/debug/kvm/pf_guest)" 13
eq "told apart" \
	"$(sum faults vm=2,class=shadow,access=write,cause=absent,outcome=injected count)" 13
eq "the pages are first writes" \
	"$(sum faults vm=2,class=shadow,access=write,cause=absent,outcome=fixed count)" 307
eq "the others fetched code" \
	"$(sum faults vm=2,class=shadow,outcome=fixed count)" $((STARTS + CODE + 307))
# 5.10 has no struct that tells.
case $(uname -r) in
5.10.*)	level=- ;;
*)	level=4K ;;
esac
eq "mapped as pages of 4K, as far as it is told" \
	"$(sum faults vm=2,class=shadow,outcome=fixed,level=$level count)" \
	$((STARTS + CODE + 307))
eq "nothing of two dimensions" "$(cell vms vm=2 violation) $(cell vms vm=2 tdp)" "0 0"
eq "pages of page tables, as KVM has made them" "$(cell shadow vm=2 pages)" \
	"$(cat /sys/kernel/debug/kvm/mmu_cache_miss)"
guest_release

before=$(hits paging64) before32=$(hits paging32)
guest_hold --scene nonpaging --pages 211
eq "without paging, hits: code and pages" "$(hits nonpaging)" $((CODE + 211))
eq "in long mode before" "$(($(hits paging64) - before))" $STARTS
eq "with 32-bit tables" "$(($(hits paging32) - before32))" 0
eq "all in shadow" "$(cell shadow vm=3 count)" $((STARTS + CODE + 211))
eq "none is the guest's own" "$(cell shadow vm=3 injected)" 0
eq "the pages are first writes" \
	"$(sum faults vm=3,class=shadow,access=write,cause=absent,outcome=fixed count)" 211
eq "the others fetched code" \
	"$(sum faults vm=3,class=shadow,outcome=fixed count)" $((STARTS + CODE + 211))
eq "nothing of two dimensions" "$(cell vms vm=3 violation) $(cell vms vm=3 tdp)" "0 0"
guest_release
eq "nothing is missed" "$(sum probes - missed)" 0

check "KVM goes again" kvm_unload
check "and comes back as it was" kvm_load
