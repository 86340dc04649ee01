# SPDX-License-Identifier: GPL-2.0
# The busiest mixture there is, with everything switched on and read: nothing grows,
# nothing is lost, and no other probe has seen one fault more
# machines: amd
# needs: cpus=2
# memory: 3072
# files: selftests/netlink/nltest selftests/lab/storm.sh:/storm.sh
. /storm.sh

# On the kernel's command line: for how many seconds.
lasts=${KVMFAULT_OVERLOAD:-15}
TRACING=/sys/kernel/tracing
parameters=/sys/module/kvmfault/parameters

# The same function, seen by somebody else.
others_hits()
{
	awk '$1 == "others" { print $2 + $3 }' $TRACING/kprobe_profile
}

# crowd: each kind of guest at once, until it is stopped.
crowd()
{
	crowd_jobs=
	for arguments in "--pages 200 --mmio 20 --rounds 1000000 --vcpus 2" \
		"--pages 30 --mmio 3 --vms 1000000 --parallel 3" \
		"--pages 5 --slow 2 --delay 20ms --vms 1000000" \
		"--mmio 100000 --rounds 1000000" \
		"--thrash 100000 --vms 1000000"; do
		kvmfault-guest $arguments < /dev/null > /dev/null 2>&1 &
		crowd_jobs="$crowd_jobs $!"
	done
}

# Records of VMs that come and go at the moment are not what stays.
least_taken()
{
	local try

	for try in 1 2 3 4 5; do
		bytes_taken
		sleep 0.2
	done | sort -n | head -n 1
}

echo "p:others kvm_tdp_page_fault" > $TRACING/kprobe_events
kvmfault_load slots=4
guest --pages 64 --parallel 4 > /dev/null
kvmfault_unload
before=$(memory_kb)

# Both see the same calls: they are there before the first, and after the last.
kvmfault_load slots=4 hot=Y recent=Y stages=Y
echo 1 > $TRACING/events/kprobes/others/enable
begun=$(others_hits)
echo 1 > $TRACING/events/kvmfault/enable
nltest listen vm 100000 > /dev/null &
listeners=$!
nltest -b 262144 listen alert 100000 > /tmp/alerts &
listeners="$listeners $!"
nltest do settings-set alert-ns=1 alert-interval-ms=10 stuck-ms=10 > /dev/null
crowd
readers_start
sleep $((lasts / 3))
early=$(least_taken)
sleep $((lasts - lasts / 3))
late=$(least_taken)
readers_stop
check "each kind of guest was there to the end" runs $crowd_jobs
kill $crowd_jobs
wait $crowd_jobs 2> /dev/null
check "all VMs are gone" wait_until 60 eval '[ "$(rows vms)" -eq 1 ]'
echo 0 > $TRACING/events/kprobes/others/enable
kill $listeners
wait $listeners 2> /dev/null
echo 0 > $TRACING/events/kvmfault/enable

seen=$(($(others_hits) - begun))
note "$lasts s: $seen tdp calls, $(missed_of tdp) of them missed, $(nltest do info-get |
	sed 's/.*\(vms-gone=[0-9]*\).*/\1/'), $(grep -c alert-ntf /tmp/alerts) alerts"
gt "there were many" "$seen" $((100 * lasts / ${KVMFAULT_SLOW:-1}))
gt "and alerts" "$(grep -c alert-ntf /tmp/alerts)" 0
eq "counted and missed are as many as another probe has seen" \
	"$(($(sum vms - tdp) + $(missed_of tdp)))" "$seen"
eq "what was hit is in the table" "$(sum vms - tdp)" "$(hits_of tdp)"
eq "and in the histogram" "$(sum histogram class=tdp count)" "$(sum vms - tdp)"
eq "and in faults" "$(sum faults - count)" "$(sum vms - tdp)"
note "kvmfault's memory: $early bytes after a third of the time, $late at the end"
# VMs that come and go have records in flight, of so many bytes.
le "it has not grown" "$late" $((early + 300000))
kvmfault_unload
eq "it unloads" "$?" 0
echo > $TRACING/kprobe_events
memory_back "$before"
