# SPDX-License-Identifier: GPL-2.0
# VMs are looked into while they are born, die and are killed: nobody is pinned, nothing
# is read of another one, and KVM unloads under readers
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest

SEEN=/tmp/seen

translate_all()
{
	local vm

	for vm in $(pick vms state=live vm); do
		nltest do translate vm=$vm gpa=$((0x200000))
		nltest do translate vm=$vm vcpu=0 gva=$((0x200000))
	done
}

# Where its VMM has the memory of a VM differs, its size does not: 1024 pages.
look()
{
	while [ -e /tmp/look ]; do
		cat "$KVMFAULT_DIR/memslots" "$KVMFAULT_DIR/threads" \
			"$KVMFAULT_DIR/setup"
		nltest dump memslot-get
		translate_all
	done > "$SEEN.$1" 2>&1
}

look_on()
{
	touch /tmp/look
	look 1 &
	one=$!
	look 2 &
	other=$!
}

look_away()
{
	rm -f /tmp/look
	wait $one $other
}

slots_seen()
{
	cat $SEEN.* | awk 'NF == 9 && $4 ~ /^0x/'
}

rounds=${KVMFAULT_BIRTHS:-12}
kvmfault_load
look_on
guest --pages 3 --parallel 8 --vms "$rounds" > /tmp/guest.out
eq "$((8 * rounds)) VMs live and die under readers" "$?" 0
look_away
note "$(slots_seen | wc -l) slots were seen"
gt "VMs were looked into" "$(slots_seen | wc -l)" 0
eq "each slot is one of these VMs" \
	"$(slots_seen | awk '$2 != 0 || $3 != 0 || $4 != "0x0" || $5 != "0x400000" ||
		$8 != 1024 || $9 != "-"' | head -n 1)" ""
eq "none is left" "$(rows memslots)" 0

look_on
for i in 1 2 3 4 5 6; do
	kvmfault-guest --pages 3 --hold < /dev/null > /tmp/victim 2>&1 &
	victim=$!
	wait_until 30 grep -q hold /tmp/victim
	kill -9 $victim
	wait $victim 2>/dev/null
done
check "those that are killed go" wait_until 30 eval '[ "$(rows vms)" -eq 1 ]'
check "KVM unloads under readers" wait_until 10 kvm_unload
look_away
eq "with the probe waiting nobody is there" "$(rows memslots)" 0
check "KVM loads" kvm_load
guest_hold --pages 3
eq "the next one is looked into" "$(rows memslots)" 1
guest_release
kvmfault_unload
eq "it unloads" "$?" 0
