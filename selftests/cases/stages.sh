# SPDX-License-Identifier: GPL-2.0
# Where the time of tdp faults goes: stages, to the unit on known faults, and what
# the host had to do
# machines: intel amd
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
# programs: tools/kvmfault/build/kvmfault
. /netlink.sh

PARAMETER=/sys/module/kvmfault/parameters/stages
HEADER="vm stage of state count sum_ns p50_ns p99_ns max_ns"
PARTS="fast topup faultin wait held rest"

stage() # STAGE COLUMN
{
	cell stages "vm=$vm,stage=$1" "$2"
}

cause() # CAUSE COLUMN
{
	cell causes "vm=$vm,cause=$1" "$2"
}

# as_many NAME STAGE COUNT, unless this kernel does not let see it
as_many()
{
	if [ "$(stage "$2" state)" = unavailable ]; then
		eq "$1: $2 is unavailable, and empty" "$(stage "$2" count)" 0
	else
		eq "$1: $2" "$(stage "$2" count)" "$3"
	fi
}

# adds_up NAME: to the nanosecond, and to what the class has
adds_up()
{
	eq "$1: the parts are the whole" "$(sum stages "vm=$vm,of=tdp" sum_ns)" \
		"$(stage tdp sum_ns)"
	eq "$1: the whole is the class" "$(stage tdp sum_ns) $(stage tdp count)" \
		"$(cell latency "vm=$vm,class=tdp" sum_ns) $(cell latency "vm=$vm,class=tdp" count)"
	eq "$1: the parts of faultin are it" \
		"$(sum stages "vm=$vm,of=faultin" sum_ns) $(stage faultin-rest count)" \
		"$(stage faultin sum_ns) $(stage faultin count)"
	eq "$1: the parts of held are it" \
		"$(sum stages "vm=$vm,of=held" sum_ns) $(stage held-rest count)" \
		"$(stage held sum_ns) $(stage held count)"
	eq "$1: causes are gup-slow" "$(sum causes "vm=$vm" count) $(sum causes "vm=$vm" sum_ns)" \
		"$(stage gup-slow count) $(stage gup-slow sum_ns)"
}

# A guest whose faults all make a mapping, but for the one that finds no memory.
counts_to_the_unit() # NAME PAGES
{
	local all

	all=$(expected tdp)
	as_many "$1" tdp "$all"
	as_many "$1" fast "$all"
	as_many "$1" topup "$all"
	as_many "$1" faultin "$all"
	as_many "$1" gup-fast $((all - 1))
	as_many "$1" gup-slow "$2"
	as_many "$1" wait "$all"
	as_many "$1" held "$all"
	as_many "$1" map "$all"
	as_many "$1" rest "$all"
	adds_up "$1"
}

begin()
{
	vm=$((vm + 1))
	guest_hold "$@"
}

switch()
{
	echo "$1" > $PARAMETER
}

kvmfault_load
guest --pages 64 > /dev/null
vm=1
eq "off, it is empty" "$(cat $KVMFAULT_DIR/stages)" "$HEADER"
eq "and so are the causes" "$(cat $KVMFAULT_DIR/causes)" "vm cause count sum_ns p50_ns p99_ns max_ns"
eq "there are no probes for it" "$(pick probes - probe | grep -c topup)" 0
matches "summary says that it is off" $KVMFAULT_DIR/summary "stages is off"
switch Y
matches "summary says that it is on" $KVMFAULT_DIR/summary "stages is on"
matches "and what it takes" $KVMFAULT_DIR/summary "^memory .*, stages "
eq "now there are" "$(cell probes probe=mmu_topup_memory_caches state)" armed

begin --pages 307 --mmio 11 --rounds 2
counts_to_the_unit "fresh pages" 614
eq "the host had minor faults" "$(cause minor count)" 614
for column in sum_ns p50_ns p99_ns max_ns; do
	eq "which are all of gup-slow: $column" "$(cause minor $column)" \
		"$(stage gup-slow $column)"
done
eq "the probe has hit as often" "$(cell probes probe=mmu_topup_memory_caches hits)" \
	"$(stage topup count)"
eq "and missed none" "$(sum probes - missed)" 0
nltest dump stage-get vm=$vm > /tmp/stages
eq "netlink tells the same" \
	"$(grep -o ' sum-ns=[0-9]*' /tmp/stages | cut -d = -f 2 | tr '\n' ' ')" \
	"$(pick stages vm=$vm sum_ns | tr '\n' ' ')"
for part in topup held; do
	eq "the histogram of $part is its count" \
		"$(nltest dump stage-histogram-get vm=$vm | grep " stage=$part " |
			grep -o ' count=[0-9]*' | cut -d = -f 2 |
			awk '{ n += $1 } END { print n }')" "$(stage $part count)"
done
eq "of causes, too" \
	"$(nltest dump host-get vm=$vm | grep -o ' p99-ns=[0-9]*' | cut -d = -f 2)" \
	"$(cause minor p99_ns)"
eq "the client tells the same" \
	"$(kvmfault stages -s $vm | awk 'NR > 1 { print $6 }' | tr '\n' ' ')" \
	"$(pick stages vm=$vm sum_ns | tr '\n' ' ')"
kvmfault tree $vm > /tmp/tree
eq "the tree has a line for each" "$(grep -c ' 6[12][0-9]  ' /tmp/tree)" \
	"$(($(pick stages vm=$vm count | grep -vc '^0$') + 1))"
eq "and a p99 in each" "$(awk '$NF == "-"' /tmp/tree | wc -l)" 0
nltest do reset > /dev/null
eq "a reset begins anew" "$(sum stages - count) $(sum causes - count)" "0 0"
guest_release

# The page comes late: all of that is the host's part, and none of it the lock's. So
# late that all else is little, also on a slow kernel, or where the clock goes on while
# the machine waits for its turn.
LATE=400
[ "${KVMFAULT_SLOW:-1}-$(kvm_vendor)" != 1-kvm_intel ] || LATE=20
begin --slow 5 --delay ${LATE}ms
adds_up "late pages"
eq "late pages: user space was asked" "$(cause userfault count)" 5
ge "late pages: it took its time" "$(cause userfault sum_ns)" $((5 * LATE * 1000000))
ge "late pages: in host fault-in" "$(stage faultin max_ns)" $((LATE * 1000000))
lt "late pages: and nowhere else" \
	"$(($(stage tdp sum_ns) - $(stage faultin sum_ns)))" $((LATE * 1000000))
guest_release

# Huge pages, where the host makes them.
begin --pages 1536 --huge
adds_up "huge pages"
eq "huge pages: the host made them" "$(cause huge count)" 3
guest_release

# A mapping ends within the fourth: the host tries, and makes small ones.
begin --pages 1637 --huge --ragged
adds_up "no room for a huge page"
eq "no room for a huge page: the host made those that have" "$(cause huge count)" 3
eq "no room for a huge page: all others are small" "$(cause minor count)" 101
guest_release

# Of shared memory the host makes them in another function, that not every kernel has,
# and not every kernel makes any.
SHARED=/sys/kernel/mm/transparent_hugepage/shmem_enabled
shared_huge_kb()
{
	sed -n 's/^ShmemHugePages: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

if [ "$(cell probes probe=do_set_pmd state)" = armed ]; then
	echo advise > $SHARED
	begin --scene huge-shared --pages 1536
	adds_up "huge pages of shared memory"
	if [ "$(shared_huge_kb)" -gt 0 ]; then
		eq "huge pages of shared memory: the host made them" \
			"$(cause huge count)" 3
		eq "huge pages of shared memory: and nothing else" \
			"$(sum causes "vm=$vm" count)" 3
	else
		skip "huge pages of shared memory" "the host made none"
	fi
	guest_release
	echo never > $SHARED
fi

echo 2 > /proc/sys/vm/nr_hugepages
begin --pages 1024 --hugetlb
adds_up "reserved huge pages"
eq "reserved huge pages: the host gave them" "$(cause huge count)" 2
guest_release
echo 0 > /proc/sys/vm/nr_hugepages

# With a VM its stages go to vm 0, and nothing is lost.
all=$(cell latency vm=0,class=tdp count)
ge "vm 0 has those of the dead" "$(cell stages vm=0,stage=tdp count)" 5
le "and no more" "$(cell stages vm=0,stage=tdp count)" "$all"

# Whoever sleeps in a fault while it is switched is not counted, and not split in
# a wrong way. On the Intel machine a second of sleep takes a minute.
switched_in_a_fault()
{
	switch N
	vm=$((vm + 1))
	guest_start --slow 1 --delay 3s --hold
	check "a vCPU sleeps" wait_until 60 guest_asleep
	switch Y
	guest_settled
	eq "who began before is not counted" "$(stage tdp count)" 0
	guest_release
	vm=$((vm + 1))
	guest_start --slow 1 --delay 3s --hold
	check "another sleeps" wait_until 60 guest_asleep
	switch N
	switch Y
	guest_settled
	eq "nor who was lost sight of" "$(stage tdp count)" 0
	guest_release
}

[ "$(kvm_vendor)" = kvm_intel ] || switched_in_a_fault

# Of one VM alone: those of the others are not split.
one_vm_alone()
{
	switch N
	vm=$((vm + 1))
	guest_start --pages 101 --rounds 100 --hold
	check "a VM" wait_until 60 vm_is_there
	check "of it alone" kvmfault stages on --vm $vm
	eq "says settings-get" "$(nltest do settings-get | value stages-vm)" $vm
	guest --pages 20 > /dev/null
	guest_settled
	gt "its faults are split" "$(stage tdp count)" 0
	eq "those of others are not" "$(sum stages stage=tdp count)" \
		"$(stage tdp count)"
	adds_up_by_itself
	matches "summary says so" $KVMFAULT_DIR/summary "stages are those of vm $vm alone"
	guest_release
	vm=$((vm + 1))
	refused "a VM that is none" ENOENT "no VM with this number" \
		do settings-set stages-vm=4711
	refused "one of none" EINVAL "switched off are of no VM" \
		do settings-set stages=0 stages-vm=0x1
	switch N
	switch Y
	eq "switched off and on it is of all" \
		"$(nltest do settings-get | value stages-vm)" 0
	check "all again" kvmfault stages on
	eq "says settings-get again" "$(nltest do settings-get | value stages-vm)" 0
}

vm_is_there()
{
	[ -n "$(pick vms vm=$vm tdp)" ]
}

adds_up_by_itself()
{
	eq "of it alone: the parts are the whole" \
		"$(sum stages "vm=$vm,of=tdp" sum_ns)" "$(stage tdp sum_ns)"
}

[ "$(kvm_vendor)" = kvm_intel ] || one_vm_alone

# All that is under way as calls of the direct engine is split likewise.
nltest do settings-set engine=direct > /dev/null
begin --pages 101 --mmio 3
counts_to_the_unit "direct" 101
guest_release
nltest do settings-set engine=kretprobe > /dev/null

# KVM goes, and the probes with it; it comes, and they are back.
kvm_unload
eq "without KVM it waits" "$(cell probes probe=mmu_topup_memory_caches state)" waiting
kvm_load
begin --pages 53 --mmio 3
counts_to_the_unit "KVM reloaded" 53
guest_release
check "rmmod while it is on" kvmfault_unload

# Without the TDP MMU nobody tells when the mapping is made, but when it begins.
if [ -e /sys/module/kvm/parameters/tdp_mmu ]; then
	kvm_unload
	kvm_load kvm.tdp_mmu=N
	kvmfault_load stages
	vm=0
	begin --pages 211 --mmio 3
	counts_to_the_unit "without the TDP MMU" 211
	guest_release
	kvmfault_unload
fi

# More VMs than slots: what a CPU held is folded away.
kvmfault_load stages slots=4
guest_hold --parallel 7 --pages 31 --mmio 2
guest_settled 7
for vm in 1 2 3 4 5 6 7; do
	adds_up "vm $vm of 7"
done
guest_release
eq "all of them in vm 0" "$(cell stages vm=0,stage=tdp count)" \
	"$((7 * $(expected tdp) - $(missed_of tdp)))"
