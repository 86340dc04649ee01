# SPDX-License-Identifier: GPL-2.0
# Memory that a guest has from a guest_memfd and not from its VMM: all of it, mapped by
# the VMM or not, and the private pages of a VM that has such
# machines: intel amd
# memory: 1024
# files: selftests/netlink/nltest selftests/lab/translation.sh:/translation.sh
# programs: tools/kvmfault/build/kvmfault
. /translation.sh

# Its code and its page tables.
SYSTEM=4
PAGES_AT=0x200000
# Those of the scene private that are private in a slot that has no guest_memfd.
SEALED=3
SEALED_AT=0x100000

page() # NUMBER: where the guest has it
{
	hex $((PAGES_AT + $1 * 4096))
}

frame() # PID HVA
{
	hex $(($(pagemap "$1" "$2") & ((1 << 55) - 1)))
}

# What KVM has told of a page when it was mapped.
recorded() # GPA COLUMN
{
	pick recent "vm=$vm,class=tdp,gpa=$1,outcome=fixed" "$2"
}

in_file_alone() # NAME PAGE WHY
{
	translate vm=$vm gpa=$(($(page "$2")))
	eq "$1: page $2 is not in the VMM" "$(step hva)$(step from)" ""
	eq "$1: page $2 is there" "$(step memory) $(step presence)" \
		"guest-memfd resident"
	eq "$1: the frame of page $2, as KVM has it" "$(step pfn)" \
		"$(recorded "$(page "$2")" pfn)"
	matches "$1: page $2: it is said" /tmp/way "why=$3"
}

stage() # STAGE COLUMN
{
	cell stages "vm=$vm,stage=$1" "$2"
}

# as_many STAGE COUNT, unless this kernel does not let see it
as_many()
{
	[ "$(stage "$1" state)" = unavailable ] ||
		eq "$scene: calls with $1" "$(stage "$1" count)" "$2"
}

# splits CALLS MAPPED TRIED GOT: so many got past the host's page, so many tried to have
# it from the VMM's memory, and so many had to have it brought there
splits()
{
	as_many tdp "$1"
	as_many topup "$1"
	as_many faultin "$1"
	as_many gup-fast "$3"
	as_many gup-slow "$4"
	as_many wait "$2"
	as_many held "$2"
	as_many map "$2"
	as_many rest "$1"
	eq "$scene: the parts are the whole" \
		"$(sum stages "vm=$vm,of=tdp" sum_ns) $(stage tdp sum_ns)" \
		"$(stage tdp sum_ns) $(cell latency "vm=$vm,class=tdp" sum_ns)"
	ge "$scene: faultin holds its parts" "$(stage faultin sum_ns)" \
		"$(sum stages "vm=$vm,of=faultin" sum_ns)"
	eq "$scene: causes are of what was brought into the VMM's memory" \
		"$(sum causes "vm=$vm" count) $(cell causes "vm=$vm,cause=minor" count)" \
		"$4 $([ "$4" -eq 0 ] && echo "no row vm=$vm,cause=minor" || echo "$4")"
}

# counts FIXED FAILED: of violations and their tdp calls
counts()
{
	local class

	for class in violation tdp; do
		eq "$scene: $class" "$(cell latency "vm=$vm,class=$class" count)" \
			$(($1 + $2))
	done
	eq "$scene: violations that ended with an error" \
		"$(cell latency "vm=$vm,class=violation" failed)" "$2"
	eq "$scene: fixed" "$(sum faults "vm=$vm,outcome=fixed,level=4K" count)" "$1"
	eq "$scene: error" "$(sum faults "vm=$vm,outcome=error" count)" "$2"
	eq "$scene: no other outcome" "$(sum faults "vm=$vm" count)" $(($1 + $2))
	eq "$scene: mappings" "$(cell setup "vm=$vm" maps_4k)" "$1"
	eq "$scene: missed" "$(sum probes - missed)" 0
}

# slot FLAGS PRIVATE: that of the pages, and what is said of the VM
slot()
{
	local hva

	hva=$(($(where 0 hva) + PAGES_AT))
	eq "$scene: the slot" \
		"$(cell memslots "vm=$vm,slot=1" gpa_from) $(cell memslots "vm=$vm,slot=1" hva_from) $(cell memslots "vm=$vm,slot=1" pages)" \
		"$PAGES_AT $(hex $hva) 512"
	eq "$scene: flags of the slots" \
		"$(pick memslots "vm=$vm" flags | tr '\n' ' ')" "- $1 "
	eq "$scene: netlink" "$(nltest dump memslot-get vm=$vm |
		grep -o 'private=.*' | tr '\n' ' ')" \
		"private=0 internal=0 guest-memfd=0 private=$(echo "$1" | grep -c private) internal=0 guest-memfd=$(echo "$1" | grep -c guest-memfd) "
	eq "$scene: the client" "$(kvmfault memslots $vm | awk 'END { print $NF }')" "$1"
	eq "$scene: private memory" "$(cell setup "vm=$vm" private)" "$2"
}

# nothing_there PAGE KIND: nobody has it, and looking does not bring it
nothing_there()
{
	local i=0

	while [ $i -lt 3 ]; do
		translate vm=$vm gpa=$(($(page "$1")))
		i=$((i + 1))
	done
	eq "$scene: untouched: nothing there" "$(step presence)" nothing
	eq "$scene: untouched: where it would be" "$(step memory)" "$2"
	eq "$scene: untouched: no frame" "$(step pfn)" ""
}

# A scene that this KVM cannot play says so in a sentence, before it runs anything.
can_play()
{
	guest --scene "$1" --pages 2 > "/tmp/try-$1" 2>&1
	case $? in
	0)	return 0 ;;
	4)	return 1 ;;
	esac
	not_ok "scene $1 can be played" "$(why_not "$1")"
	return 1
}

why_not()
{
	sed -n 's/^kvmfault-guest: //p' "/tmp/try-$1"
}

begin()
{
	scene=$1
	vm=$((vm + 1))
	guest_start --scene "$1" --pages "$2" --hold --where
	guest_settled
	faults=$(cell vms vm=$vm tdp)
}

end()
{
	eq "$scene: looking has made no fault" "$(cell vms vm=$vm tdp)" "$faults"
	guest_release
}

can_play guest-memfd && memfd=yes || memfd=no
can_play private && private=yes || private=no
[ "$memfd$private" != nono ] || skip_all "$(why_not guest-memfd)"
vm=1
kvmfault_load recent stages
# KVM's frames are told once its calls have been recognised.
guest --pages 64 > /dev/null

if [ $memfd = yes ]; then
	# The VMM has mapped it all, and looked at 11 of 23 pages.
	begin guest-memfd 23
	hva=$(($(where 0 hva) + PAGES_AT)) pid=$(cell vms vm=$vm pid)
	counts $((SYSTEM + 23)) 0
	splits $((SYSTEM + 23)) $((SYSTEM + 23)) $SYSTEM 0
	slot guest-memfd 0
	eq "pages written" \
		"$(sum faults vm=$vm,access=write,cause=absent,level=4K,outcome=fixed count)" \
		"$((23 + $([ "$(kvm_vendor)" = kvm_amd ] && echo 3 || echo 0)))"

	translate vm=$vm gpa=$(($(page 0)))
	eq "mapped: memory" "$(step memory)" guest-memfd
	eq "mapped: address space" "$(step as)" 0x0
	eq "mapped: HVA" "$(step hva)" "$(hex $hva)"
	eq "mapped: shared" "$(step shared)" 0x1
	matches "mapped: the file" /tmp/way "^file=.*kvm-gmem"
	eq "mapped: resident" "$(step presence) $(step level) $(step writable)" \
		"resident 4k 0x1"
	eq "mapped: the frame, as pagemap has it" "$(step pfn)" "$(frame "$pid" $hva)"
	eq "mapped: the frame, as KVM has it" "$(step pfn)" "$(recorded "$(page 0)" pfn)"
	eq "mapped: nothing is to be said" "$(step why)" ""
	translate vm=$vm vcpu=0 gva=$(($(page 0)))
	if grep -q error /tmp/said; then
		eq "GVA: this is Intel" "$(kvm_vendor)" kvm_intel
	else
		eq "GVA: the same frame" "$(step gpa) $(step pfn)" \
			"$(page 0) $(recorded "$(page 0)" pfn)"
	fi

	translate vm=$vm gpa=$(($(page 22)))
	eq "not looked at: HVA" "$(step hva)" "$(hex $((hva + 22 * 4096)))"
	eq "not looked at: the guest has it" "$(step presence)" resident
	eq "not looked at: the frame, as KVM has it" "$(step pfn)" \
		"$(recorded "$(page 22)" pfn)"
	eq "not looked at: the VMM has no entry" "$(step level)$(step writable)" ""
	matches "not looked at: it is said" /tmp/way "why=the file has the page in memory, but"
	eq "not looked at: nor has it now" "$(frame "$pid" $((hva + 22 * 4096)))" 0x0
	translate vm=$vm hva=$((hva + 22 * 4096))
	eq "not looked at: the VMM does not have it" \
		"$(step gpa) $(step presence) $(step pfn)" "$(page 22) elsewhere "
	nothing_there 23 guest-memfd
	matches "untouched: it is said" /tmp/way "why=there is no memory behind"
	kvmfault translate $vm "$(page 22)" > /tmp/said
	matches "the client: page" /tmp/said \
		"^page resident in guest-memfd, pfn $(recorded "$(page 22)" pfn)\$"
	end

	# It has memory of its own where the guest's would be, and looked at its first page.
	begin guest-memfd-apart 19
	hva=$(($(where 0 hva) + PAGES_AT))
	counts $((SYSTEM + 19)) 0
	splits $((SYSTEM + 19)) $((SYSTEM + 19)) $SYSTEM 0
	slot guest-memfd 0
	for page in 0 18; do
		in_file_alone "apart" $page \
			"the page is in a guest_memfd, which the VMM has not mapped"
	done
	nothing_there 19 guest-memfd
	translate vm=$vm hva=$hva
	eq "apart: what the VMM has is not the guest's" \
		"$(step gpa) $(step memory) $(step special)" "$(page 0) anonymous 0x1"
	matches "apart: what the VMM has: it is said" /tmp/way \
		"why=the guest does not have this memory: its page here is a guest_memfd"
	translate vm=$vm vcpu=0 gva=$(($(page 0)))
	if ! grep -q error /tmp/said; then
		eq "apart: GVA" "$(step gpa) $(step hva)" "$(page 0) "
		matches "apart: GVA: it is said" /tmp/way "ask for its guest-physical address"
	fi
	end
else
	skip "guest_memfd for all memory" "$(why_not guest-memfd)"
fi

if [ $private = yes ]; then
	# The first 8 of 17 are private, and for a while 3 that cannot be had.
	begin private 17
	hva=$(($(where 0 hva) + PAGES_AT))
	counts $((SYSTEM + 17 + SEALED)) $SEALED
	splits $((SYSTEM + 17 + 2 * SEALED)) $((SYSTEM + 17 + SEALED)) \
		$((SYSTEM + 9 + SEALED)) $((9 + SEALED))
	slot private 1
	for page in 0 7; do
		in_file_alone "private" $page "the page is private"
		eq "private: page $page was at no address of the VMM" \
			"$(recorded "$(page $page)" hva)" -
	done
	translate vm=$vm gpa=$(($(page 8)))
	eq "shared: HVA" "$(step hva)" "$(hex $((hva + 8 * 4096)))"
	eq "shared: as fault records have it" "$(recorded "$(page 8)" hva)" "$(step hva)"
	eq "shared: memory" "$(step memory) $(step presence)" "anonymous resident"
	eq "shared: the frame, as KVM has it" "$(step pfn)" "$(recorded "$(page 8)" pfn)"
	eq "shared: nothing is to be said" "$(step why)" ""
	nothing_there 17 anonymous
	translate vm=$vm hva=$hva
	eq "private: the VMM has nothing there" "$(step gpa) $(step presence)" \
		"$(page 0) nothing"
	matches "private: which is not the guest's: it is said" /tmp/way \
		"why=the guest does not have this memory: its page here is a guest_memfd"
	translate vm=$vm gpa=$((SEALED_AT))
	eq "made shared: it is the VMM's" "$(step memory) $(step presence)" \
		"anonymous resident"
	translate vm=$vm gpa=$((SEALED_AT + SEALED * 4096))
	eq "private, and cannot be had: no memory" "$(step memory)$(step hva)" ""
	matches "private, and cannot be had: it is said" /tmp/way \
		"the guest cannot have the page: its memory slot has no guest_memfd"
	nltest do translate vm=$vm vcpu=0 gva=0 > /tmp/said
	matches "refused: a virtual address" /tmp/said \
		"error EOPNOTSUPP.*the VM has private memory"
	end
else
	skip "private memory" "$(why_not private)"
fi
kvmfault_unload
check "KVM unloads" kvm_unload
