# SPDX-License-Identifier: GPL-2.0
# rmmod at any time: faults in flight, VMs alive, files open
# machines: intel amd

sees_vm()
{
	[ "$(cell vms vm=1 violation)" -ge 1 ] 2> /dev/null
}

# A VM that goes on faulting while the module comes and goes.
guest_start --pages 500 --rounds 1000000
# It would take half of the only CPU from who loads the module.
renice -n -10 -p $$ > /dev/null
for round in 1 2 3 4 5; do
	kvmfault_load
	check "round $round: a VM older than the module is found" \
		wait_until 10 sees_vm
	rmmod kvmfault
	eq "round $round: rmmod under its faults" "$?" 0
done
guest_stop

# A fault that sleeps for long while the module comes and goes.
guest_start --pages 3 --slow 1 --delay "$((3 * ${KVMFAULT_SLOW:-1}))s"
check "a fault is asleep" wait_until 10 guest_asleep
kvmfault_load
check "and not known" nobody_stuck
rmmod kvmfault
eq "rmmod with a fault asleep" "$?" 0
guest_wait
eq "the sleeping fault ends well" "$?" 0

# Files that stay open.
kvmfault_load
exec 5<"$KVMFAULT_DIR/vms" 6<"$KVMFAULT_DIR/summary"
read -r line <&5
rmmod kvmfault
eq "rmmod with files open" "$?" 0
if cat <&6 >/dev/null 2>&1; then
	not_ok "a file of a module that is gone has nothing to say"
else
	ok "a file of a module that is gone has nothing to say"
fi
exec 5<&- 6<&-

kvmfault_load
eq "it loads again" "$?" 0
