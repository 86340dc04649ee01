# SPDX-License-Identifier: GPL-2.0
# A CPU goes and comes under load: not one fault is lost
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest selftests/lab/storm.sh:/storm.sh
. /storm.sh

# On the kernel's command line: how often it goes.
rounds=${KVMFAULT_HOTPLUG:-6}
cpu=/sys/devices/system/cpu/cpu1/online
[ -e $cpu ] || skip_all "this CPU cannot be taken away"

# Guests that are at work: those before them have done it, and are gone.
work()
{
	guest_start --pages 100 --mmio 10 --vcpus 2 --rounds $((rounds * 2)) --parallel 4 \
		--hold
	vms=$((vms + 4))
}

switch()
{
	local round=0

	while [ $round -lt "$rounds" ]; do
		if guest_holds 4; then
			guest_release
			work
		fi
		echo 0 > $cpu && echo 1 > $cpu || return 1
		round=$((round + 1))
		progress $round times
	done
}

faults_seen()
{
	[ "$(sum vms - tdp)" -gt "$1" ]
}

# Its buffer is made when it comes: loaded without it, too.
echo 0 > $cpu
kvmfault_load
# Before there are guests, whose input they would keep open.
readers_start
vms=0
work
expect_of --pages 100 --mmio 10 --vcpus 2 --rounds $((rounds * 2))
echo 1 > $cpu
check "the load has begun" wait_until 60 faults_seen 0
seen=$(sum vms - tdp)
check "a CPU goes and comes $rounds times" switch
check "under load" faults_seen $((seen + rounds * 10))
guest_settled 4
note "$vms VMs"
readers_stop
for class in violation misconfig tdp; do
	eq "$class: counted and missed are all" \
		"$(($(sum vms - $class) + $(missed_of $class)))" \
		"$((vms * $(expected $class)))"
done
eq "nothing is missed" "$(sum probes - missed)" 0
eq "the histogram has them all" "$(sum histogram class=tdp count)" \
	"$(sum vms - tdp)"
guest_release
