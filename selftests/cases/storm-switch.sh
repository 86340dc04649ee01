# SPDX-License-Identifier: GPL-2.0
# Engine, probes, alerts and counts are switched under load, and all is read
# meanwhile: nothing breaks, what is counted adds up, and it is exact afterwards
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest selftests/lab/storm.sh:/storm.sh
. /storm.sh

# On the kernel's command line: how often each is switched.
switches=${KVMFAULT_SWITCHES:-3}
control=/sys/module/kvmfault/parameters/engine

switch()
{
	local round=0

	while [ $round -lt "$switches" ]; do
		echo direct > $control
		nltest do settings-set alert-ns=$((round + 1)) alert-interval-ms=1 \
			stages=1
		nltest do probe-set name=kvm_tdp_page_fault enabled=0
		nltest do reset
		echo 1 > /sys/kernel/tracing/events/kvmfault/enable
		nltest do probe-set name=kvm_destroy_vm enabled=0
		echo kretprobe > $control
		nltest do probe-set name=kvm_tdp_page_fault enabled=1
		nltest do probe-set name=kvm_destroy_vm enabled=1
		echo 0 > /sys/kernel/tracing/events/kvmfault/enable
		nltest do settings-set alert-ns=0 stages=0
		round=$((round + 1))
		progress $round rounds >&3
	done 3>&1 > /tmp/switched 2>&1
}

kvmfault_load
nltest -b 262144 listen alert 100000 > /tmp/alerts &
listener=$!
guest_start --pages 60 --mmio 6 --vcpus 2 --rounds 10 --vms 100000 --parallel 3
readers_start
switch
readers_stop
kill $listener
wait $listener 2>/dev/null
eq "nothing was refused" "$(grep -E '^error|^failed|not found' /tmp/switched |
	sort | uniq -c)" ""
gt "alerts were heard" "$(grep -c alert-ntf /tmp/alerts)" 0
check "the guests ran all the time" guest_runs
guest_stop
# Those that were killed are buried now, whoever saw them die.
eq "the histogram adds up" "$(sum histogram class=tdp count)" "$(sum vms - tdp)"

nltest do reset > /dev/null
exact_after_it --pages 29 --mmio 8
kvmfault_unload
eq "it unloads" "$?" 0
