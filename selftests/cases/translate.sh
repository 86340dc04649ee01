# SPDX-License-Identifier: GPL-2.0
# From an address of a guest to the host's memory: each step as the VMM, the kernel and
# the guest's own tables have it, and nothing is brought in by looking
# machines: intel amd
# memory: 1024
# files: selftests/netlink/nltest selftests/lab/translation.sh:/translation.sh
# programs: tools/kvmfault/build/kvmfault
. /translation.sh

resident_kb()
{
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}

refused()
{
	local errno=$1 text=$2

	shift 2
	nltest do translate "$@" > /tmp/said
	matches "refused: $text" /tmp/said "error $errno.*$text"
}

kvmfault_load recent
guest_hold --pages 16 --mmio 1 --vcpus 2 --where
pid=$(cell vms vm=1 pid)
faults=$(cell vms vm=1 tdp)
resident=$(resident_kb "$pid")

gpa=$(where 1 gpa) hva=$(where 1 hva)
at=$((gpa + 0x205123))
translate vm=1 gpa=$at
eq "GPA" "$(step gpa)" "$(hex $at)"
eq "slot" "$(step slot)" 0x1
eq "offset" "$(step offset)" 0x205123
eq "HVA" "$(step hva)" "$(hex $((hva + 0x205123)))"
eq "memory" "$(step memory)" anonymous
eq "not shared" "$(step shared)" 0x0
le "the mapping begins" $(($(step from))) $((hva))
ge "the mapping ends" $(($(step to))) $((hva + 0x400000))
eq "resident" "$(step presence)" resident
eq "4K" "$(step level)" 4k
eq "the page is no file's" "$(step anonymous)" 0x1
eq "writable" "$(step writable)" 0x1
eq "nothing is to be said" "$(step why)" ""
word=$(pagemap "$pid" $((hva + 0x205123)))
eq "the frame, as pagemap has it" "$(step pfn)" \
	"$(hex $((word & ((1 << 55) - 1))))"
# Of plain arguments nobody knows the level.
if grep -q 'plain arguments' "$KVMFAULT_DIR/summary"; then
	eq "the mapping on record" "$(step mapping)" ""
else
	eq "the mapping on record" "$(step mapping)" 4k
fi

translate vm=1 hva=$((hva + 0x205123))
eq "back: GPA" "$(step gpa)" "$(hex $at)"
eq "back: slot" "$(step slot)" 0x1
translate vm=1 hva=$((hva - 0x1000))
matches "an address of the VMM alone" /tmp/way "why=the guest does not have this memory"
eq "which has no GPA" "$(step gpa)" ""

# A page that the guest has not touched, which is there for nobody.
translate vm=1 gpa=$((gpa + 0x210000))
eq "untouched: HVA" "$(step hva)" "$(hex $((hva + 0x210000)))"
eq "untouched: nothing there" "$(step presence)" nothing
eq "untouched: no frame" "$(step pfn)" ""
matches "untouched: it is said" /tmp/way "why=there is no memory behind this address yet"
for page in 0x210 0x211 0x212 0x213 0x214 0x215 0x216 0x217; do
	translate vm=1 gpa=$((gpa + page * 0x1000))
done
eq "and nobody has brought it in" "$(resident_kb "$pid")" "$resident"
eq "nor has the guest faulted" "$(cell vms vm=1 tdp)" "$faults"

translate vm=1 gpa=$((gpa + 0x400000))
matches "MMIO: it is said" /tmp/way "why=there is no memory at this address"
eq "MMIO: no slot" "$(step slot)" ""

# The guest's tables map its window at 0 by pages of 2M; the vCPU stands still.
translate vm=1 vcpu=1 gva=$((0x205123))
if grep -q "error" /tmp/said; then
	matches "on Intel CR3 may be in hardware" /tmp/said "EOPNOTSUPP.*CR3 in hardware"
	eq "this is Intel" "$(kvm_vendor)" kvm_intel
else
	eq "GVA: GPA" "$(step gpa)" "$(hex $at)"
	eq "GVA: the guest's page" "$(step guest-page)" 0x200000
	eq "GVA: HVA" "$(step hva)" "$(hex $((hva + 0x205123)))"
	translate vm=1 vcpu=1 gva=$((0x40000000))
	matches "GVA: not mapped" /tmp/way "why=the guest has not mapped"
	eq "GVA: then no GPA" "$(step gpa)" ""
	translate vm=1 vcpu=1 gva=$((0x4000000000000000))
	matches "GVA: no address" /tmp/way "why=the vCPU's mode has no such address"
fi

refused EINVAL "which VM" gpa=0
refused EINVAL "which address" vm=1
refused EINVAL "which address" vm=1 gpa=0 hva=0
refused EINVAL "whose address" vm=1 gva=0
refused ENOENT "no VM with this number" vm=99 gpa=0
refused ENODEV "gone" vm=0 gpa=0
refused ENXIO "no such vCPU" vm=1 vcpu=7 gva=0

kvmfault translate 1 "$(hex $at)" > /tmp/said
matches "the client: slot" /tmp/said "^slot 1, offset 0x205123"
matches "the client: HVA" /tmp/said "^hva  $(hex $((hva + 0x205123))), anonymous"
matches "the client: page" /tmp/said "^page resident, pfn 0x"
kvmfault translate 1 --hva "$(hex $((hva + 0x205123)))" -j > /tmp/said
matches "the client: JSON" /tmp/said "\"gpa\": *$at"
kvmfault translate 1 nonsense > /tmp/said 2>&1
eq "the client: nonsense" "$?" 2
guest_release

guest_hold --pages 512 --huge --where
hva=$(where 0 hva)
translate vm=2 gpa=$((0x200000 + 0x5123))
eq "a huge page" "$(step level)" 2m
word=$(pagemap "$(cell vms vm=2 pid)" $((hva + 0x205123)))
eq "a huge page: the frame" "$(step pfn)" "$(hex $((word & ((1 << 55) - 1))))"
guest_release

# Read, not written: the host has its one page of zeros there.
guest_start --scene read --pages 4 --hold --where
guest_settled
translate vm=3 gpa=$((0x201000))
eq "zeros are resident" "$(step presence)" resident
eq "zeros are special" "$(step special)" 0x1
eq "zeros cannot be written" "$(step writable)" 0x0
guest_release

guest_start --stuck --hold
check "a vCPU sleeps in a fault" wait_until 30 guest_asleep
refused EBUSY "the vCPU is running" vm=4 vcpu=0 gva=0
translate vm=4 gpa=0x200000
eq "what it waits for is not there" "$(step presence)" nothing
guest_stop
kvmfault_unload
check "KVM unloads" kvm_unload
