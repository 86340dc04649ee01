# SPDX-License-Identifier: GPL-2.0
# What reading costs with 1, 100 and 1,000 VMs, and that no fault pays for it
# machines: intel amd
# needs: cpus=4
# memory: 2048
# files: selftests/bench/crowd.sh:/crowd.sh selftests/bench/kvmfault-crowd
# files: selftests/bench/kvmfault-stamp selftests/bench/kvmfault-ticks
# files: selftests/netlink/nltest
# programs: tools/kvmfault/build/kvmfault

. /crowd.sh

CROWDS=${BENCH_CROWDS:-1 100 1000}
OPERATIONS="info-get probe-get vm-get vcpu-get latency-get histogram-get fault-get hot-get recent-get"

# A full dump by netlink takes this much of the machine's own time at most.
DUMP_NS=100000000

# Ten times the rows may cost ten times as much, and a little for chance.
LINEAR_PERCENT=110

DUMP=/tmp/dump

# What this kvmfault can dump, as a script.
write_dump()
{
	local operation

	for operation in $OPERATIONS; do
		! nltest -q dump $operation > /dev/null ||
			echo "nltest -q dump $operation"
	done > $DUMP
}

# read_cost VMS WHAT COMMAND...: ticks, nanoseconds and bytes
read_cost()
{
	local vms=$1 what=$2

	shift 2
	# One CPU: the others have nothing to do but to wake late.
	cost=$(taskset 1 kvmfault-ticks "$@") ||
		{ not_ok "$what with $vms VMs" "it failed"; return 1; }
	note "reader $what $vms $cost"
}

all_files()
{
	local file

	for file in $KVMFAULT_DIR/*; do
		read_cost "$1" "cat-${file##*/}" cat "$file"
	done
	read_cost "$1" cat-all sh -c "cat $KVMFAULT_DIR/*"
}

# part N: of the last cost
part()
{
	echo "$cost" | cut -d ' ' -f "$1"
}

measure_crowd()
{
	local vms=$1

	kvmfault_load
	check "$vms VMs" crowd_start "$vms"
	write_dump
	all_files "$vms"
	ticks_of_last=${ticks:-}
	read_cost "$vms" netlink-all sh $DUMP
	ticks=$(part 1)
	[ "$vms" -lt 1000 ] ||
		le "a dump of $vms VMs takes less than 100 ms: $(part 2) ns" \
			"$(part 2)" $DUMP_NS
	[ -z "$ticks_of_last" ] || [ "$vms" -lt 1000 ] ||
		le "it grows no faster than the VMs: $ticks_of_last to $ticks" \
			"$ticks" $((ticks_of_last * 10 * LINEAR_PERCENT / 100))
	read_cost "$vms" export kvmfault export --prometheus
}

# Faults on one CPU while another one reads and reads.
medians()
{
	taskset 2 kvmfault-stamp 1024 present mmio | cut -d ' ' -f 1-3
}

undelayed()
{
	local quiet

	medians > /dev/null
	quiet=$(medians)
	while :; do
		cat $KVMFAULT_DIR/* > /dev/null
		sh $DUMP > /dev/null
	done &
	reader=$!
	sleep 0.1
	eq "no fault is delayed by readers (kind, median, p90)" \
		"$(medians | tr '\n' ' ')" "$(echo "$quiet" | tr '\n' ' ')"
	kill $reader
	wait $reader 2>/dev/null
}

for vms in $CROWDS; do
	measure_crowd "$vms"
	[ "$vms" -lt 1000 ] || undelayed
	crowd_stop
	kvmfault_unload
done
