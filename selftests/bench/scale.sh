# SPDX-License-Identifier: GPL-2.0
# Instructions added to a fault while 1, 2 and 4 CPUs fault at once
# machines: intel
# needs: cpus=4
# files: selftests/bench/lib.sh:/bench.sh selftests/bench/kvmfault-stamp
# files: selftests/bench/shift.awk:/shift.awk selftests/bench/added.awk:/added.awk

. /bench.sh

ENGINE=/sys/module/kvmfault/parameters/engine
KINDS="present mmio"

# From one CPU to four an instruction or two may come and go: where a slot lies
# decides how far a search goes.
FLAT=8

stamp_on()
{
	taskset "$(printf '%x' $((1 << $1)))" \
		kvmfault-stamp "$SAMPLES" $KINDS > /tmp/stamp.$1
}

# at_once CPUS: of each kind the worst of them, in the form of kvmfault-stamp
at_once()
{
	local cpu kind pids=

	for cpu in $(seq 0 $(($1 - 1))); do
		stamp_on "$cpu" &
		pids="$pids $!"
	done
	wait $pids
	for kind in $KINDS; do
		for cpu in $(seq 0 $(($1 - 1))); do
			grep "^$kind " /tmp/stamp.$cpu
		done | sort -k 2,2n | tail -n 1
	done
}

measure_all()
{
	local cpus kind rest

	at_once 4 > /dev/null
	for cpus in 1 2 4; do
		at_once $cpus > /tmp/worst
		while read -r kind rest; do
			note "bench $1 $kind@$cpus $rest"
			echo "$1 $kind@$cpus $rest" >> $RESULTS
		done < /tmp/worst
	done
}

: > $RESULTS
measure_all nothing
for engine in kretprobe direct; do
	kvmfault_load engine=$engine
	measure_all $engine
	echo kretprobe > $ENGINE
	kvmfault_unload
	for kind in $KINDS; do
		for cpus in 2 4; do
			within "budget: $engine, $kind: as much on $cpus CPUs as on one" \
				"$(added $engine $kind@$cpus)" \
				$(($(added $engine $kind@1) - FLAT)) \
				$(($(added $engine $kind@1) + FLAT))
		done
	done
done
