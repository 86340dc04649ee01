# SPDX-License-Identifier: GPL-2.0
# Many VMs, 16 at a time on few slots, while everything is read: each one's last
# count is exact, and the memory is back
# machines: amd
# needs: cpus=2
# memory: 3072
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
# files: selftests/lab/storm.sh:/storm.sh
. /netlink.sh
. /storm.sh

# On the kernel's command line, KVMFAULT_VMS=5000 makes it five thousand.
vms=$((${KVMFAULT_VMS:-96} / 16 * 16))

# storm VMS PAGES: a sixteenth of them in each process, one after another, and new
# processes after every 800.
storm()
{
	local left=$1 now

	while [ $left -gt 0 ]; do
		now=$((left < 800 ? left : 800))
		guest --pages $2 --mmio 7 --parallel 16 --vms $((now / 16)) \
			> /tmp/storm.log || return 1
		left=$((left - now))
		[ $left -eq 0 ] || note "so far: $(($1 - left)) VMs"
	done
}

deaths()
{
	grep -c vm-died /tmp/heard
}

heard_all()
{
	[ "$(deaths)" -ge "$vms" ]
}

# A first small one, so that what stays for good is there.
kvmfault_load slots=4
storm 16 3
kvmfault_unload
before=$(memory_kb)

kvmfault_load slots=4
nltest -b 262144 listen vm 100000 > /tmp/heard &
listener=$!
wait_until 30 grep -qs listening /tmp/heard
readers_start
expect_of --pages 61 --mmio 7
check "$vms VMs, 16 at a time" storm "$vms" 61
readers_stop
wait_until 60 heard_all
kill $listener
wait $listener 2>/dev/null

lost=$(nltest do info-get | sed 's/.*group={ name=.vm. sent=[0-9]* dropped=\([0-9]*\).*/\1/')
eq "no notification was dropped" "$lost" 0
eq "every death was told" "$(deaths)" "$vms"
eq "no VM was told twice" "$(sed -n 's/^vm-died-ntf id=\([0-9]*\).*/\1/p' \
	/tmp/heard | sort -u | wc -l)" "$vms"
missed=$(sum probes - missed)
note "missed: $missed"
for class in violation misconfig tdp; do
	grep vm-died /tmp/heard | total $class |
		sed 's/.* count=\([0-9]*\) .*/\1/' > /tmp/last
	eq "no VM has more $class than it had" \
		"$(awk -v most="$(expected $class)" '$1 > most' /tmp/last | wc -l)" 0
	eq "the last $class of each VM is told" "$(wc -l < /tmp/last)" "$vms"
	[ "$missed" -gt 0 ] || eq "the last $class of each VM is exact" \
		"$(grep -cx "$(expected $class)" /tmp/last)" "$vms"
done
# What is missed of exits is not known to be the one or the other.
eq "exits: counted and missed are all" \
	"$(($(cell vms vm=0 violation) + $(cell vms vm=0 misconfig) + \
	    $(cell probes probe=kvm_mmu_page_fault missed)))" \
	"$((vms * ($(expected violation) + $(expected misconfig))))"
eq "tdp: counted and missed are all" \
	"$(($(cell vms vm=0 tdp) + $(missed_of tdp)))" \
	"$((vms * $(expected tdp)))"
eq "no more than the slots can be short of is missed" \
	"$(nltest do info-get | grep -o 'reason=no-vm count=[0-9]*')" \
	"reason=no-vm count=0"
eq "nobody lives" "$(rows vms)" 1
kvmfault_unload
memory_back "$before"
