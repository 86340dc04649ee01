# SPDX-License-Identifier: GPL-2.0
# A vCPU that is stuck is found while it is, and one that is busy is not
# machines: amd intel

found()
{
	[ "$(cell stuck vcpu=0 how)" = "$1" ]
}

summary_says()
{
	grep -q "$1" "$KVMFAULT_DIR/summary"
}

is_busy()
{
	[ "$(sum vms state=live tdp)" -gt 500 ]
}

gpa_of_guest()
{
	sed -n 's/^stuck .*gpa=\(0x[0-9a-f]*\)$/\1/p' $GUEST_LOG
}

kvmfault_load
guest --pages 61 > /dev/null

# Asleep: the page does not come. Seen while it lasts, not after.
guest_start --stuck
check "the vCPU waits" wait_until 30 guest_said stuck
check "it is found asleep" wait_until 20 found asleep
eq "at the address it waits for" "$(cell stuck how=asleep gpa)" "$(gpa_of_guest)"
ge "for so long" "$(cell stuck how=asleep for_ns)" 1000000000
eq "no fault has ended" "$(cell stuck how=asleep faults)" 0
check "summary says so" summary_says "vcpu 0 sleeps in one fault at gpa $(gpa_of_guest)"
kill "$guest_job"
guest_wait
check "then nobody is stuck" wait_until 10 nobody_stuck
check "summary says that, too" summary_says "^stuck    0 vCPUs"

# Again and again: a page is taken away as soon as the guest has it.
guest_start --thrash 250007
check "repeats are found" wait_until 30 found repeats
ge "more than a few" "$(cell stuck how=repeats faults)" 64
check "they are fixed, and it does not hold" wait_until 30 \
	eval '[ "$(cell stuck how=repeats outcome)" = fixed ]'
gpa=$(cell stuck how=repeats gpa)
guest_stop
check "its end is the end of it" wait_until 10 nobody_stuck

# Its address is where its faults are.
echo 0 > /sys/module/kvmfault/parameters/stuck_repeats
guest_start --thrash 250007
check "the guest is busy" wait_until 30 is_busy
sleep 1
check "not looked for, not found" nobody_stuck
echo 64 > /sys/module/kvmfault/parameters/stuck_repeats
check "looked for, found" wait_until 30 found repeats
eq "at the same address" "$(cell stuck how=repeats gpa)" "$gpa"
guest_stop
check "nobody is stuck" wait_until 10 nobody_stuck

# Faults that were sampled, and which nobody has judged, say nothing of later: two
# seconds' worth, while the watch goes round no more.
parameters=/sys/module/kvmfault/parameters
guest_start --thrash 250007
check "the guest is busy" wait_until 30 is_busy
before=$(sum vms state=live tdp)
sleep 1
faults=$(($(sum vms state=live tdp) - before))
note "$faults in a second"
echo $((2 * faults)) > $parameters/stuck_repeats
sleep 0.6
echo 0 > $parameters/stuck_repeats
echo 0 > $parameters/stuck_ms
sleep 8
killall -STOP kvmfault-guest
echo 64 > $parameters/stuck_repeats
found=
for try in $(seq 20); do
	nobody_stuck || found=$(tail -n 1 "$KVMFAULT_DIR/stuck")
	usleep 100000
done
eq "who was so long ago is not stuck" "$found" ""
echo 1000 > $parameters/stuck_ms
killall -CONT kvmfault-guest
guest_stop
check "nobody is stuck once more" wait_until 10 nobody_stuck

# never_stuck NAME ARGS...: nobody is, until such a guest holds.
never_stuck()
{
	local name=$1

	shift
	guest_start "$@" --hold
	while ! guest_holds 1 && guest_runs; do
		nobody_stuck || not_ok "$name is taken for stuck" "$(tail -n 1 "$KVMFAULT_DIR/stuck")"
		usleep 100000
	done
	check "$name is not stuck" nobody_stuck
}

# Busy and healthy: all pages once, MMIO, and slow pages that come in the end.
never_stuck "a busy VM" --pages 4001 --mmio 997 --rounds 3 --slow 11 --delay 200ms
guest_release

# One that is migrated has the same fault again and again, and gets on. The Intel
# machine's CPU logs what is written by itself.
if [ "$(kvm_vendor)" = kvm_amd ]; then
	never_stuck "who is logged" --scene logged --pages 1500
	ge "for some time" "$(cell vms state=live tdp)" 150
	guest_release
fi

for bad in 1 7 32768 -1 some; do
	check_fails "stuck_repeats=$bad is refused" \
		eval "echo $bad > /sys/module/kvmfault/parameters/stuck_repeats"
done
check "with a sentence" eval 'kernel_log | grep -q "stuck_repeats=7.* is refused"'
eq "and nothing changes" \
	"$(cat /sys/module/kvmfault/parameters/stuck_repeats)" 64
check "rmmod while the watch goes round" kvmfault_unload
