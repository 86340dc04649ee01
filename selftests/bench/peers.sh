# SPDX-License-Identifier: GPL-2.0
# Instructions added to each kind of fault by other tools
# machines: intel
# memory: 2048
# files: selftests/bench/lib.sh:/bench.sh selftests/bench/kvmfault-stamp
# files: selftests/bench/shift.awk:/shift.awk selftests/bench/added.awk:/added.awk
# files: selftests/bench/kprobe.bt:/kprobe.bt selftests/bench/fentry.bt:/fentry.bt
# files: selftests/bench/ebpf/kvmfault-ebpf selftests/bench/ebpf/faults.bpf.o:/faults.bpf.o

. /bench.sh

SAID=/tmp/peer
INPUT=/tmp/peer.input

# Each knows that its tool is at work. The ends of functions come after their
# beginnings.
is_attached()
{
	grep -q kvm_tdp_page_fault /sys/kernel/tracing/enabled_functions &&
		sleep 1
}

has_tracing_events()
{
	grep -q 1 /sys/kernel/tracing/events/kvm/kvm_page_fault/enable &&
		grep -q 1 /sys/kernel/tracing/events/kvm/kvm_exit/enable
}

# No file shows what perf has opened, but it has by the time that it sleeps.
has_perf_events()
{
	ls -l /proc/$peer/fd 2>/dev/null | grep -q perf_event &&
		grep -q 'State:.S' /proc/$peer/status
}

# Each tells by what its tool has said or written that it has seen all faults:
# two kinds of accesses to pages, in both runs.
FAULTS=$((2 * (SAMPLES + SETTLE)))

saw_in_words()
{
	awk -v least=$FAULTS '
		/violation[ []/ { seen += $NF }
		END { exit !(seen >= least) }' $SAID
}

saw_in_perf_stat()
{
	awk -v least=$FAULTS '
		/kvm:kvm_page_fault/ { gsub(",", "", $1); seen = $1 }
		END { exit !(seen >= least) }' $SAID
}

# A record is some bytes at least; to have the tool read it takes minutes here.
saw_in_file()
{
	[ "$(stat -c %s /tmp/peer.data)" -ge $((FAULTS * 32)) ]
}

is_gone()
{
	! kill -0 $peer 2>/dev/null
}

gone_or()
{
	is_gone || "$1"
}

peer_start()
{
	local ready=$1

	shift
	rm -f $INPUT /tmp/peer.data
	mkfifo $INPUT
	"$@" < $INPUT > $SAID 2>&1 &
	peer=$!
	exec 8> $INPUT
	wait_until 300 gone_or "$ready" && ! is_gone && return
	note "$1: $(tail -n 3 $SAID | tr '\n' ' ')"
	peer_stop
	return 1
}

# They end with their input or at an interrupt.
peer_stop()
{
	exec 8>&-
	kill -INT $peer 2>/dev/null
	wait_until 300 is_gone || kill -KILL $peer
	wait $peer 2>/dev/null
}

# peer NAME READY SAW COMMAND...: one that is not installed is skipped by name.
peer()
{
	local name=$1 ready=$2 saw=$3

	shift 3
	wanted "$name" || return 0
	if ! command -v "$1" > /dev/null; then
		skip "$name" "no $1 here"
		return
	fi
	variant "$name" "peer_start $ready $*" peer_stop
	check "$name: it saw all faults" "$saw"
	note "$name: $(tail -n 2 $SAID | tr '\n' ' ')"
}

[ -n "$(added nothing present 2>/dev/null)" ] || {
	: > $RESULTS
	variant nothing true true
}
peer libbpf is_attached saw_in_words kvmfault-ebpf /faults.bpf.o
peer perf-stat has_perf_events saw_in_perf_stat \
	perf stat -e kvm:kvm_page_fault -a
peer trace-cmd has_tracing_events saw_in_file \
	trace-cmd record -e kvm:kvm_page_fault -e kvm:kvm_exit -o /tmp/peer.data
peer perf-kvm has_perf_events saw_in_file \
	perf kvm stat record -a -o /tmp/peer.data
peer bpftrace-fentry is_attached saw_in_words bpftrace /fentry.bt
peer bpftrace-kprobe is_attached saw_in_words bpftrace /kprobe.bt
variant nothing-after-peers true true
for kind in present fresh mmio ioeventfd cpuid pio; do
	exactly nothing-after-peers $kind
done
