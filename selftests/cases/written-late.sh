# SPDX-License-Identifier: GPL-2.0
# Parameters are written until the module is gone: nothing is begun that nobody ends
# machines: amd
# needs: cpus=2
# memory: 2048

# On the kernel's command line: how often.
rounds=${KVMFAULT_LATE:-8}
parameters=/sys/module/kvmfault/parameters
cpu=/sys/devices/system/cpu/cpu1/online
ON=/tmp/written-late

# The last steps of unloading wait while a CPU goes or comes, as this one does all
# the time: so there is time to write in between.
move_cpu()
{
	while [ -e $ON ]; do
		echo 0 > $cpu && echo 1 > $cpu && : > /tmp/moved
	done
}

write()
{
	while [ -e $ON ]; do
		echo 64 > $parameters/stuck_repeats &&
			echo 1000 > $parameters/stuck_ms && : > /tmp/written
	done 2> /dev/null
}

# What was begun comes a quarter of a second later.
late()
{
	local round=0

	while [ $round -lt "$rounds" ]; do
		kvmfault_load || return 1
		guest --pages 3 > /dev/null
		sleep 0.1
		rmmod kvmfault || return 1
		sleep 0.4
		round=$((round + 1))
	done
}

[ -e $cpu ] || skip_all "no CPU can be taken away"
guest_start --pages 50 --rounds 1000000 --parallel 2
touch $ON
move_cpu &
mover=$!
write &
writer=$!
check "$rounds times unloaded while parameters are written" late
rm -f $ON
wait $mover $writer
check "a CPU was moved" test -e /tmp/moved
check "parameters were written" test -e /tmp/written
guest_stop
eq "the CPU is there" "$(cat $cpu)" 1
