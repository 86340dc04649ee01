# SPDX-License-Identifier: GPL-2.0
# A probe that is placed, or switched on, while others see faults already is not taken
# for one that is passed by
# machines: amd
# needs: cpus=2

loads=24 switches=6

suspected()
{
	kernel_log | grep -c 'calls past it'
}

all_armed()
{
	[ "$(pick probes - state | sort -u)" = armed ]
}

# Enough faults to suspect somebody, and then none for a while.
guest_start --pages 70 --slow 1 --delay 25ms --rounds 1000000
sleep 1
load=0 bypassed=0
while [ $load -lt $loads ]; do
	kvmfault_load || break
	usleep 200000
	all_armed || bypassed=$((bypassed + 1))
	kvmfault_unload
	load=$((load + 1))
done
eq "it was loaded under bursts of faults" $load $loads
eq "somebody seemed to be passed by" $bypassed 0
eq "nor is it said" "$(suspected)" 0
check "the guest goes on" guest_runs
guest_stop

# All of them are there, and are switched on one after the other.
guest_start --pages 200 --rounds 1000000
sleep 1
switched=0
while [ $switched -lt $switches ]; do
	echo 0 > $KPROBES_ENABLED
	kvmfault_load || break
	echo 1 > $KPROBES_ENABLED
	check "switched on, all are armed" wait_until 10 all_armed
	kvmfault_unload
	switched=$((switched + 1))
done
check "this guest goes on, too" guest_runs
guest_stop

kvmfault_load
exact_after_it --pages 41 --mmio 5
