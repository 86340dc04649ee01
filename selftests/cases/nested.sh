# SPDX-License-Identifier: GPL-2.0
# A guest that runs a guest: faults of both, and what is reflected to the first
# machines: intel amd
# files: selftests/netlink/nltest

# The second guest writes 61 pages. Its hypervisor has mapped all but 17, and maps
# these when it is told of a fault there; then the guest faults again.
case $(kvm_vendor) in
kvm_intel)	probe=ept_page_fault ;;
kvm_amd)	probe=paging64_page_fault ;;
esac

T=/sys/kernel/tracing

# What is counted beside faults, by columns of shadow.
EVENTS="writes syncs invlpg cr3 roots"

event_probe()
{
	case $1 in
	writes)	echo kvm_mmu_track_write ;;
	syncs)	echo kvm_mmu_sync_roots ;;
	invlpg)	echo kvm_mmu_invlpg ;;
	cr3)	echo kvm_set_cr3 ;;
	roots)	echo kvm_mmu_new_pgd ;;
	esac
}

# seen COLUMN: of the VM that runs a guest.
seen()
{
	case $1 in
	violation | tdp)	cell vms vm=2 "$1" ;;
	*)			cell shadow vm=2 "$1" ;;
	esac
}

# missed_for WHY: as summary says it; all together without a reason.
missed_for()
{
	case $1 in
	"")	sed -n 's/^missed  *//p' $KVMFAULT_DIR/summary ;;
	*)	sed -n "s/^  *\([0-9]*\) $1\$/\1/p" $KVMFAULT_DIR/summary ;;
	esac
}

# events CLASS GUEST: how many the trace has.
events()
{
	grep "kvmfault_fault: vm=2 .* class=$1 " /tmp/trace | grep -c " guest=$2\$"
}

# places CLASS FIELD: of faults of the guest's guest, those that are known
places()
{
	grep "kvmfault_fault: vm=2 .* class=$1 .* guest=L2\$" /tmp/trace |
		sed "s/.* $2=\([0-9a-f]*\) .*/\1/" | grep -v '^ffffffffffffffff$'
}

# pages_of CLASS FIELD: in order
pages_of()
{
	places "$1" "$2" | sed 's/...$//' | sort -u
}

# last CLASS GUEST: how many are in recent.
last()
{
	pick recent "vm=2,class=$1,guest=$2" gpa | wc -l
}

kvmfault_load
guest --pages 31 > /dev/null
echo 4096 > $T/buffer_size_kb
echo 1 > $T/events/kvmfault/kvmfault_fault/enable
echo Y > /sys/module/kvmfault/parameters/recent
echo Y > /sys/module/kvmfault/parameters/hot
guest_start --scene nested --pages 61 --hold
guest_settled
echo 0 > $T/events/kvmfault/kvmfault_fault/enable
cat $T/trace > /tmp/trace

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
eq "each event says who ran: shadow" "$(events shadow L2) $(events shadow L1)" "79 0"
eq "the exits around them" "$(events violation L2)" 79
eq "tdp" "$(events tdp L2) $(events tdp L1)" "0 $(cell vms vm=2 tdp)"
eq "and the exits around these" "$(events violation L1)" "$(cell vms vm=2 tdp)"
# Its hypervisor has the pages at 0x200000, and has given it them at 0x400000.
eq "exits have its own addresses" \
	"$(pages_of violation gpa | grep -c '^4[0-9a-f][0-9a-f]$')" 61
if [ -n "$(places shadow gpa)" ]; then
	eq "the calls in them those of the VM" \
		"$(pages_of shadow gpa | grep -c '^2[0-9a-f][0-9a-f]$')" 61
	eq "each is in memory of the VMM" "$(pages_of shadow hva | wc -l)" 62
	eq "the same for the exit" "$(pages_of violation hva | md5sum)" \
		"$(pages_of shadow hva | md5sum)"
	eq "hot has the VM's own addresses" \
		"$(pick hot vm=2 gpa | grep -c '^0x2[0-9a-f]\{5\}$') $(pick hot vm=2 gpa |
			grep -c '^0x4[0-9a-f]\{5\}$')" "61 0"
else
	skip "places in the VM" "this kernel does not tell them"
fi
eq "the last faults say it: shadow" "$(last shadow L1)" 0
gt "there are some" "$(last shadow L2)" 0
eq "each with its exit" "$(last violation L2)" "$(last shadow L2)"
eq "tdp" "$(last tdp L2)" 0
eq "each with its exit, too" "$(last violation L1)" "$(last tdp L1)"
for name in L1 L2; do
	eq "netlink says the same of $name" \
		"$(nltest dump recent-get vm=2 |
			grep -c " guest=$(echo $name | tr L l)")" \
		"$(pick recent vm=2,guest=$name gpa | wc -l)"
done
ge "there is a shadow" "$(cell shadow vm=2 pages)" 4
gt "whose roots are switched" "$(cell shadow vm=2 roots)" 0
gt "and which is looked through" "$(cell shadow vm=2 syncs)" 0
for column in violation tdp $EVENTS; do
	seen "$column" > "/tmp/seen.$column"
done

guest_release
eq "with the VM they are in vm 0" \
	"$(cell shadow vm=0 nested) $(cell shadow vm=0 reflected)" "79 17"

# Killed while its vCPU is in the guest's guest: KVM brings it back from there when
# the VM is dead.
all_faulted()
{
	[ "$(cell shadow vm=3 count)" = 79 ]
}

guest_start --scene nested-stop --pages 61
check "the guest of a guest has written its pages" wait_until 60 all_faulted
kill -KILL $(pidof kvmfault-guest) 2> /dev/null
wait "$guest_job" 2> /dev/null
exec 9>&-
check "killed, its VM is gone, and nothing is born of that" \
	wait_until 30 nobody_lives
eq "it is the third that has lived" \
	"$(sed -n 's/^VMs .* \([0-9]*\) gone$/\1/p' $KVMFAULT_DIR/summary)" 3
eq "nothing is missed" "$(sum probes - missed)" 0
kvmfault_unload

# The same again as one VM too many: what was counted is missed now, each call by the
# probe that has seen it.
kvmfault_load max_vms=1
guest_hold --pages 31
guest --scene nested --pages 61 > /dev/null
eq "there is no shadow of a VM that is not listed" "$(rows shadow)" 0
eq "its faults are missed" "$(cell probes probe=$probe missed)" 79
for column in violation tdp; do
	eq "so is each $column" "$(missed_of $column)" "$(cat /tmp/seen.$column)"
done
for column in $EVENTS; do
	eq "so are the $column" \
		"$(cell probes probe="$(event_probe "$column")" missed)" \
		"$(cat "/tmp/seen.$column")"
done
eq "all for one reason" "$(missed_for "of VMs or vCPUs that came too fast, or beyond max_vms")" \
	"$(sum probes - missed)"
eq "which is that of all" "$(missed_for '')" "$(sum probes - missed)"
guest_release
