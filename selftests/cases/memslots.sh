# SPDX-License-Identifier: GPL-2.0
# How a VM is set up: its memory slots, vCPUs, threads and mappings, as its VMM knows
# them and to the unit
# machines: intel amd
# memory: 1024
# files: selftests/netlink/nltest selftests/lab/translation.sh:/translation.sh
# programs: tools/kvmfault/build/kvmfault
. /translation.sh

unknown()
{
	tail -n +2 "$KVMFAULT_DIR/$1"
}

kvmfault_load
guest_hold --pages 600 --mmio 3 --vcpus 2 --where

eq "a slot for each vCPU" "$(pick memslots vm=1 slot | tr '\n' ' ')" "0 1 "
for vcpu in 0 1; do
	row=vm=1,slot=$vcpu
	gpa=$(hex "$(where $vcpu gpa)") hva=$(where $vcpu hva) size=$(where $vcpu size)
	eq "slot $vcpu: address space" "$(cell memslots $row as)" 0
	eq "slot $vcpu: from GPA" "$(cell memslots $row gpa_from)" "$gpa"
	eq "slot $vcpu: to GPA" "$(cell memslots $row gpa_to)" \
		"$(hex $((gpa + size)))"
	eq "slot $vcpu: from HVA" "$(cell memslots $row hva_from)" "$hva"
	eq "slot $vcpu: to HVA" "$(cell memslots $row hva_to)" \
		"$(hex $((hva + size)))"
	eq "slot $vcpu: pages" "$(cell memslots $row pages)" $((size / 4096))
	eq "slot $vcpu: flags" "$(cell memslots $row flags)" -
	eq "vCPU $vcpu: thread" "$(cell threads vm=1,vcpu=$vcpu tid)" \
		"$(where $vcpu tid)"
done
eq "two vCPUs" "$(pick threads vm=1 vcpu | tr '\n' ' ')" "0 1 "
eq "the CPU they ran on" "$(pick threads vm=1 cpu | sort -u)" 0

eq "figures: slots" "$(cell setup vm=1 memslots)" 2
eq "figures: pages" "$(cell setup vm=1 pages)" "$(sum memslots vm=1 pages)"
eq "figures: vCPUs" "$(cell setup vm=1 vcpus)" 2
# All that has faulted is mapped, but for MMIO, and nothing else is.
maps=$(cell setup vm=1 maps_4k)
[ "$maps" = - ] || eq "mappings of 4K" "$maps" $((2 * (600 + 4)))
eq "large mappings" "$(cell setup vm=1 maps_large)" 0
eq "private memory" "$(cell setup vm=1 private)" 0
eq "root loads: none but the first ones" "$(cell setup vm=1 root_loads)" 0
tdp=$(cell setup vm=1 tdp_tables) shadow=$(cell setup vm=1 shadow_tables)
note "page tables: $tdp of the TDP MMU, $shadow of the older one"
# Of each vCPU two for its pages, one for its MMIO and one for where it starts from,
# and two above them; the root is counted by some.
[ "$tdp" = - ] || within "there are page tables" $((tdp + shadow)) 10 11

# What the files say, netlink and the client say as well.
eq "netlink: slots" "$(nltest dump memslot-get vm=1 |
	sed 's/.* slot=\([0-9]*\) gpa=\([^ ]*\) hva=\([^ ]*\) pages=\([0-9]*\) .*/\1 \2 \3 \4/' |
	while read -r slot gpa hva pages; do
		echo "$slot $(hex "$gpa") $(hex "$hva") $pages"
	done)" "$(tail -n +2 "$KVMFAULT_DIR/memslots" | cut -d ' ' -f 3,4,6,8)"
eq "netlink: threads" "$(nltest dump thread-get vm=1 | grep -o 'tid=[0-9]*')" \
	"$(pick threads vm=1 tid | sed 's/^/tid=/')"
eq "netlink: figures" "$(nltest dump setup-get vm=1 | grep -o 'pages=[0-9]*')" \
	"pages=$(cell setup vm=1 pages)"
eq "netlink: no such VM" "$(nltest dump memslot-get vm=99 | grep -c ENOENT)" 1
for table in setup memslots threads; do
	eq "client: $table" "$(kvmfault $table -s | tr -s ' ' | sed 's/^ //')" \
		"$(cat "$KVMFAULT_DIR/$table")"
done
guest_release
eq "with the VM its slots go" "$(rows memslots)" 0
eq "its vCPUs go" "$(rows threads)" 0
eq "its figures go" "$(rows setup)" 0

guest_hold --pages 512 --huge --where
eq "large mappings of huge pages" "$(cell setup vm=2 maps_large)" 1
guest_release

guest_start --scene readonly --pages 8 --hold
guest_settled
eq "a slot that is read only" "$(pick memslots vm=3 flags | tr '\n' ' ')" \
	"- readonly "
guest_release

# What only system management mode has is in an address space of its own.
guest_start --scene smm --pages 8 --hold
guest_settled
eq "two address spaces: slots" \
	"$(awk '$1 == 4 { printf "%s:%s ", $2, $3 }' "$KVMFAULT_DIR/memslots")" \
	"0:0 0:1 1:1 "
smm=$(cell memslots vm=4,as=1 gpa_from)
eq "two address spaces: one ends where the other begins" "$smm" \
	"$(cell memslots vm=4,as=0,slot=1 gpa_to)"
for column in hva_from hva_to pages flags; do
	eq "two address spaces: the same $column" \
		"$(cell memslots vm=4,as=1 $column)" \
		"$(cell memslots vm=4,as=0,slot=1 $column)"
done
eq "two address spaces: figures" "$(cell setup vm=4 memslots)" 3
eq "two address spaces: netlink" \
	"$(nltest dump memslot-get vm=4 | grep -o ' as=[0-9]* slot=[0-9]*' | tr -d '\n')" \
	" as=0 slot=0 as=0 slot=1 as=1 slot=1"
nltest do translate vm=4 gpa=$((smm)) > /tmp/way
matches "two address spaces: the guest does not have it" /tmp/way \
	"why='there is memory at this address in system management mode alone"
nltest do translate vm=4 hva=$(($(cell memslots vm=4,as=1 hva_from))) > /tmp/way
matches "two address spaces: the memory is where the guest has it" /tmp/way \
	" gpa=$(($(cell memslots vm=4,as=0,slot=1 gpa_from))) .*as=0 slot=1 "
guest_release

# Then the guest does not have it any more.
guest_start --scene smm-alone --pages 8 --hold
guest_settled
hva=$(($(cell memslots vm=5,as=1 hva_from)))
nltest do translate vm=5 hva=$hva > /tmp/way
matches "one address space: it is named" /tmp/way \
	" gpa=$(($(cell memslots vm=5,as=1 gpa_from))) .*as=1 slot=1 offset=0 "
matches "one address space: it is said" /tmp/way \
	"presence=resident .*why='the guest has this memory in system management mode alone'"
kvmfault translate 5 --hva $hva > /tmp/way
matches "one address space: the client" /tmp/way \
	"^slot 1, offset 0x0, in system management mode\$"
nltest do translate vm=5 hva=$((hva - 0x200000)) > /tmp/way
matches "one address space: of other memory it is another one" /tmp/way " as=0 slot=0 "
guest_release

guest_start --scene slots --pages 200 --hold
for i in 1 2 3 4 5 6 7 8; do
	cat "$KVMFAULT_DIR/memslots" "$KVMFAULT_DIR/setup" > /dev/null ||
		not_ok "slots are read while they change"
done
guest_settled
eq "slots are read while they change" "$(pick memslots vm=6 slot | tr '\n' ' ')" \
	"0 1 "
guest_release

# With a slot go all page tables of its VM.
guest_start --scene slot --pages 7 --hold
guest_settled
eq "root loads: one for each slot that is deleted" \
	"$(cell setup vm=7 root_loads)" 7
eq "root loads: netlink" "$(nltest dump setup-get vm=7 | grep -o 'root-loads=.*')" \
	"root-loads=7"
guest_release

# Whose process is gone but not its files has nobody to be asked about.
guest_hold --pages 8 --where --leave
check "the process of the VM ends" wait_until 30 \
	test ! -e "/proc/$(cell vms vm=8 pid)/fd/0"
eq "a VM that was left lives" "$(cell vms vm=8 state)" live
eq "nothing is known of its slots" "$(unknown memslots)" "8 - - - - - - - -"
eq "nothing is known of its threads" "$(unknown threads)" "8 - - -"
eq "nor its figures" "$(unknown setup)" "8 - - - - - - - - - - -"
eq "netlink says why" "$(nltest dump memslot-get vm=8)" \
	"memslot-get vm=8 why='the process that ran the VM is gone, and somebody else keeps it'"
eq "so does the client" "$(kvmfault memslots 8 2>&1; echo "status $?")" \
	"kvmfault: vm 8: the process that ran the VM is gone, and somebody else keeps it
status 1"
guest_release
check "it is gone" wait_until 30 eval '[ "$(rows vms)" -eq 1 ]'

kvmfault_unload
check "KVM unloads" kvm_unload
