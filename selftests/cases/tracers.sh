# SPDX-License-Identifier: GPL-2.0
# perf, trace-cmd and bpftrace read the trace event: each fault once, and in words
# machines: amd
# memory: 2048
# programs: perf trace-cmd bpftrace

SAID=/tmp/tracer.said
GUEST="--pages 41 --mmio 7"
TYPES=/sys/kernel/btf/vmlinux

# compare NAME LINES CLASS...: as many lines of each class as there were faults
compare()
{
	local name=$1 lines=$2 class

	for class in violation misconfig tdp; do
		eq "$name: an event for each $class" \
			"$(grep -c "kvmfault_fault: .* class=$class " "$lines")" \
			"$(expected $class)"
	done
	eq "$name: nothing else, nothing lost" "$(grep -c . "$lines")" \
		$((expected_violation + expected_misconfig + expected_tdp))
	eq "$name: a word for all that is a word" \
		"$(grep -c 'access=write cause=absent outcome=fixed' "$lines")" 44
}

works()
{
	[ "$2" -eq 0 ] || not_ok "$1 works" "$(tail -n 3 $SAID)"
}

kvmfault_load
expect_of $GUEST
# The CPU's walk sets accessed bits, so that the page tables are written, too.
guest --pages 64 >/dev/null

perf record -q -a -o /tmp/perf.data -e kvmfault:kvmfault_fault -- \
	kvmfault-guest $GUEST >$SAID 2>&1
works "perf record" $?
perf script -i /tmp/perf.data --show-lost-events >/tmp/perf.lines 2>$SAID
works "perf script" $?
compare perf /tmp/perf.lines
note "$(tail -n 1 /tmp/perf.lines)"

trace-cmd record -o /tmp/trace.dat -e kvmfault:kvmfault_fault \
	kvmfault-guest $GUEST >$SAID 2>&1
works "trace-cmd record" $?
trace-cmd report -i /tmp/trace.dat 2>$SAID | grep -v '^cpus=' >/tmp/trace.lines
compare trace-cmd /tmp/trace.lines
note "$(tail -n 1 /tmp/trace.lines)"

# It prints its maps when it ends, which it does with the guest. On 5.10 it does not
# find the kernel's types by itself.
try_bpftrace()
{
	local class number=0

	BPFTRACE_BTF=$TYPES bpftrace -c "/bin/kvmfault-guest $GUEST" -e '
		tracepoint:kvmfault:kvmfault_fault { @[args->vm, args->class] = count(); }' \
		>$SAID 2>&1
	works bpftrace $?
	for class in violation misconfig tdp; do
		eq "bpftrace: a count for each $class" \
			"$(sed -n "s/^@\[[0-9]*, $number\]: //p" $SAID)" \
			"$(expected $class)"
		number=$((number + 1))
	done
	eq "bpftrace: one VM" \
		"$(sed -n 's/^@\[\([0-9]*\),.*/\1/p' $SAID | sort -u | wc -l)" 1
}

if [ -e $TYPES ]; then
	try_bpftrace
else
	skip "bpftrace" "this kernel does not tell its types (CONFIG_DEBUG_INFO_BTF)"
fi
eq "nobody has left the event on" \
	"$(cat /sys/kernel/tracing/events/kvmfault/kvmfault_fault/enable)" 0
