# SPDX-License-Identifier: GPL-2.0
# Many VMs, 16 at a time, while everything is read: each one's last count is exact, or,
# on too few slots, what is missed is known; and the memory is back
# machines: amd
# needs: cpus=2
# memory: 3072
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
# files: selftests/lab/storm.sh:/storm.sh
. /netlink.sh
. /storm.sh

# On the kernel's command line, KVMFAULT_VMS=5000 makes it five thousand, and a fifth
# of that on slots that are not enough.
vms=$((${KVMFAULT_VMS:-96} / 16 * 16))
crowded=$(((vms / 5 + 15) / 16 * 16))
at_once=${KVMFAULT_AT_ONCE:-16}

# storm VMS PAGES: so many processes, each of which has its part of them, one after
# another; and new processes after every 800.
storm()
{
	local left=$1 now

	while [ $left -gt 0 ]; do
		now=$((left < 800 ? left : 800))
		guest --pages $2 --mmio 7 --parallel $at_once \
			--vms $((now / at_once)) \
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
	[ "$(deaths)" -ge "$1" ]
}

# last CLASS: the count that each VM died with
last()
{
	grep vm-died /tmp/heard | total $1 | sed 's/.* count=\([0-9]*\) .*/\1/'
}

# storm_on SLOTS VMS: each death is told, and all that they had is counted or missed
storm_on()
{
	local with="$1 slots" lost

	kvmfault_load slots=$1
	nltest -b 262144 listen vm 100000 > /tmp/heard &
	listener=$!
	wait_until 30 grep -qs listening /tmp/heard
	readers_start
	check "$with: $2 VMs, $at_once at a time" storm $2 61
	readers_stop
	wait_until 60 heard_all $2
	kill $listener
	wait $listener 2>/dev/null

	lost=$(nltest do info-get |
		sed 's/.*group={ name=.vm. sent=[0-9]* dropped=\([0-9]*\).*/\1/')
	eq "$with: no notification was dropped" "$lost" 0
	eq "$with: every death was told" "$(deaths)" $2
	eq "$with: no VM was told twice" \
		"$(sed -n 's/^vm-died-ntf id=\([0-9]*\).*/\1/p' /tmp/heard |
		sort -u | wc -l)" $2
	note "$with: missed $(sum probes - missed)"
	# What is missed of exits is not known to be the one or the other.
	eq "$with: exits: counted and missed are all" \
		"$(($(cell vms vm=0 violation) + $(cell vms vm=0 misconfig) + \
		    $(cell probes probe=kvm_mmu_page_fault missed)))" \
		"$(($2 * ($(expected violation) + $(expected misconfig))))"
	eq "$with: tdp: counted and missed are all" \
		"$(($(cell vms vm=0 tdp) + $(missed_of tdp)))" \
		"$(($2 * $(expected tdp)))"
	eq "$with: no more than the slots can be short of is missed" \
		"$(nltest do info-get | grep -o 'reason=no-vm count=[0-9]*')" \
		"reason=no-vm count=0"
	eq "$with: nobody lives" "$(rows vms)" 1
	for class in violation misconfig tdp; do
		eq "$with: the last counts of $class are those of vm 0" \
			"$(last $class | awk '{ n += $1 } END { print n }')" \
			"$(cell vms vm=0 $class)"
	done
}

# A first small one, so that what stays for good is there.
expect_of --pages 61 --mmio 7
kvmfault_load
storm 16 3
kvmfault_unload
before=$(memory_kb)

# Room for all of them on each CPU, and for those that are being buried.
storm_on 32 $vms
eq "nothing is missed" "$(sum probes - missed)" 0
for class in violation misconfig tdp; do
	eq "the last $class of each VM is exact" \
		"$(last $class | grep -cx "$(expected $class)")" $vms
done
kvmfault_unload

storm_on 4 $crowded
for class in violation misconfig tdp; do
	eq "no VM has more $class than it had" \
		"$(last $class | awk -v most="$(expected $class)" '$1 > most' |
		wc -l)" 0
done
kvmfault_unload
memory_back "$before"
