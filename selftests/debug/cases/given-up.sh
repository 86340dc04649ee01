# SPDX-License-Identifier: GPL-2.0
# The kernel gives up the TSC while a vCPU sleeps in a fault: who is stuck is so by any
# clock
# machines: intel
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh
[ -e /tsc.ko ] || skip_all "there is nobody to give up the TSC"

one_is_stuck()
{
	[ "$(rows stuck)" -eq 1 ]
}

clock_is()
{
	head -n 1 $KVMFAULT_DIR/summary | grep -q " $1 clock,"
}

kvmfault_load
guest --pages 5 > /dev/null
check "faults are timed with the TSC" clock_is tsc
listen alert
guest_start --stuck
check "a vCPU is stuck" wait_until 60 one_is_stuck

insmod /tsc.ko
check "another clock is used" wait_until 30 clock_is monotonic
sleep 3
eq "it is stuck all the same" "$(rows stuck)" 1
within "for so long as that clock knows" "$(cell stuck vcpu=0 for_ns)" 1000000000 \
	600000000000
guest --pages 5 > /dev/null
eq "others are not" "$(rows stuck)" 1
eq "it was told once" "$(grep -c 'kind=asleep' $NL.alert)" 1
kill $listener
wait $listener 2> /dev/null
guest_stop
check "nor is it in the end" wait_until 10 nobody_stuck
within "the fault took that long" "$(cell latency vm=0,class=tdp max_ns)" 1000000000 \
	600000000000
rmmod tsc
