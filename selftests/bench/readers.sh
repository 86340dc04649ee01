# SPDX-License-Identifier: GPL-2.0
# What reading costs with 1, 100 and 1,000 VMs
# machines: intel amd
# memory: 2048
# files: selftests/bench/crowd.sh:/crowd.sh selftests/bench/kvmfault-crowd
# files: selftests/bench/dumps.sh:/dumps.sh selftests/bench/kvmfault-ticks
# files: selftests/netlink/nltest
# programs: tools/kvmfault/build/kvmfault

. /crowd.sh
. /dumps.sh

CROWDS=${BENCH_CROWDS:-1 100 1000}

# What one more VM costs may grow a little from 100 to 1,000, for caches that the
# emulator has not, but that the kernel's allocators have.
LINEAR_PERCENT=110

# read_cost VMS WHAT COMMAND...: ticks and bytes
read_cost()
{
	local vms=$1 what=$2 cost

	shift 2
	if cost=$(kvmfault-ticks "$@"); then
		note "reader $what $vms $cost"
		echo "$what $vms $cost" >> /tmp/readers
	else
		not_ok "$what with $vms VMs" "it failed"
	fi
}

measure_crowd()
{
	local vms=$1 file dump

	kvmfault_load
	check "$vms VMs" crowd_start "$vms"
	write_dump
	for file in $KVMFAULT_DIR/*; do
		read_cost "$vms" "cat-${file##*/}" cat "$file"
	done
	read_cost "$vms" cat-all sh -c "cat $KVMFAULT_DIR/*"
	for dump in $(nltest dumps); do
		read_cost "$vms" "dump-$dump" nltest -q dump "$dump"
	done
	read_cost "$vms" netlink-all sh $DUMP
	read_cost "$vms" export kvmfault export --prometheus
	crowd_stop
	kvmfault_unload
}

# of WHAT VMS: what it took
of()
{
	awk -v what="$1" -v vms="$2" '
		$1 == what && $2 == vms { print $3 }' /tmp/readers
}

is_linear()
{
	local some many

	some=$((($(of "$1" 100) - $(of "$1" 1)) * LINEAR_PERCENT / 99))
	many=$((($(of "$1" 1000) - $(of "$1" 100)) * 100 / 900))
	le "budget: $1, percent of the cost of one VM more: $many of $some" \
		$many $some
}

: > /tmp/readers
read_cost 1 true true
for vms in $CROWDS; do
	measure_crowd "$vms"
done
[ "$CROWDS" != "1 100 1000" ] || for what in cat-all netlink-all export; do
	is_linear $what
done
