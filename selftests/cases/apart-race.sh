# SPDX-License-Identifier: GPL-2.0
# Kinds of faults that take two vCPUs, or somebody who interferes
# machines: amd
# needs: cpus=2

N=11

begin()
{
	vm=$((vm + 1))
	guest_start "$@" --hold
	guest_settled
}

count()
{
	sum faults "vm=$vm,$1" count
}

# However the faults interleave: none is lost, and all their time is there.
end()
{
	eq "$1: the rows add up" "$(sum faults vm=$vm count)" \
		"$(cell latency vm=$vm,class=tdp count)"
	eq "$1: their times add up" "$(sum faults vm=$vm sum_ns)" \
		"$(cell latency vm=$vm,class=tdp sum_ns)"
	guest_release
}

vm=0
kvmfault_load
guest --pages 64 > /dev/null
vm=1

# Whoever comes second finds the page there, or finds somebody putting it there.
begin --scene race --pages $N
eq "race: each page is mapped once" "$(count outcome=fixed)" $((N + 8))
# Who finds somebody at it tries again, and may do so more than once on 5.10.
found=$(($(count outcome=spurious) + $(count outcome=retry)))
ge "race: and found" "$found" $N
le "race: at most once" "$(count outcome=spurious)" $N
eq "race: by reads of absent pages" \
	"$(($(count access=read,cause=absent,outcome=spurious) +
		$(count access=read,cause=absent,outcome=retry)))" "$found"
end race

# A write may meet the slot there, going or gone.
begin --scene slots --pages $N
ge "slots: the slot was met" "$(count outcome=fixed)" 4
ge "slots: no slot was met" "$(count cause=mmio,outcome=emulate)" 1
eq "slots: nothing else was emulated" "$(count outcome=emulate)" \
	"$(count cause=mmio,outcome=emulate)"
eq "slots: nothing is an error" "$(count outcome=error)" 0
end slots

# Each time the page is taken away, it is missed at least once, and put back at
# most once. The three page tables are written to as well, see apart.sh.
begin --thrash 50
ge "thrash: the page was missed as often as it was taken" \
	"$(count access=write,cause=absent)" 50
within "thrash: and put back no more often" \
	"$(count access=write,outcome=fixed)" 1 54
eq "thrash: else the guest had to try again" \
	"$(($(count access=write,outcome=fixed) +
		$(count access=write,outcome=retry)))" "$(count access=write)"
eq "thrash: nothing went to the VMM" "$(cell vms vm=$vm userspace)" 0
end thrash
