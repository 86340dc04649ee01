# SPDX-License-Identifier: GPL-2.0
# What cannot be counted is counted as missed
# machines: intel amd

# One call at a time may be under way, and a sleeping fault holds it: the
# faults of the other vCPU meanwhile are missed, and come to light as that.
kvmfault_load maxactive=1
guest_hold --pages 211 --vcpus 2 --slow 3 --delay 300ms
for class in violation tdp; do
	eq "$class: counted and missed are all" \
		"$(($(hits_of $class) + $(missed_of $class)))" \
		"$(expected $class)"
done
eq "what was hit is in the table" "$(cell vms vm=1 tdp)" "$(hits_of tdp)"
matches "summary says so" "$KVMFAULT_DIR/summary" "^missed  *[0-9]"
guest_release
kvmfault_unload

# More VMs than the module was told to expect.
kvmfault_load max_vms=2
guest_start --pages 5 --parallel 4 --hold
guest_settled 4
expect_of --pages 5
eq "more VMs than max_vms: counted and missed are all" \
	"$(($(hits_of tdp) + $(missed_of tdp)))" "$((4 * $(expected tdp)))"
eq "two VMs are counted whole" "$(sum vms - tdp)" "$((2 * $(expected tdp)))"
matches "summary names the reason" "$KVMFAULT_DIR/summary" "max_vms"

# Those that find no place ask for one once a tick on each CPU, not at each fault.
jiffies()
{
	sed -n '/^jiffies: /{s///p;q;}' /proc/timer_list
}

missed=$(missed_of tdp)
begun=$(jiffies)
if settled=$(settlings guest --pages 500 --rounds 8); then
	ticks=$((($(jiffies) - begun) * $(grep -c ^processor /proc/cpuinfo)))
	expect_of --pages 500 --rounds 8
	eq "a VM too many is missed whole" "$(($(missed_of tdp) - missed))" \
		"$(expected tdp)"
	note "settled $settled times for $(expected tdp) faults, $ticks ticks"
	gt "which sets off work" "$settled" 0
	le "but not each time" "$settled" $((ticks + 50))
else
	skip "work for VMs too many" "this kernel does not trace workqueues"
fi
guest_stop
kvmfault_unload

# More VMs on one CPU than it has slots: they take turns, nothing is lost.
kvmfault_load slots=4
guest --pages 101 --parallel 12
expect_of --pages 101
eq "12 VMs on 4 slots: counted and missed are all" \
	"$(($(hits_of tdp) + $(missed_of tdp)))" "$((12 * $(expected tdp)))"
eq "what was hit is in the table" "$(sum vms - tdp)" "$(hits_of tdp)"
eq "the histogram too" "$(sum histogram class=tdp count)" "$(hits_of tdp)"
