# SPDX-License-Identifier: GPL-2.0
# How exits end: in the guest, in the VMM, or within the kernel for an ioeventfd
# machines: intel amd

N=29

# begin ARGS...: a guest that has done what the arguments say, and holds.
begin()
{
	vm=$((vm + 1))
	guest_start "$@" --hold
	guest_settled
}

# ends NAME CLASS COUNT USERSPACE: so many exits, and so many of them in the VMM.
ends()
{
	local row=vm=$vm,class=$2

	eq "$1: $2" "$(cell latency $row count)" "$3"
	eq "$1: $2 that went to the VMM" "$(cell latency $row userspace)" "$4"
	eq "$1: $2 that failed" "$(cell latency $row failed)" 0
}

# end NAME: what the VMM has seen is what was counted.
end()
{
	eq "$1: together" "$(cell vms vm=$vm userspace)" \
		"$(sum latency vm=$vm userspace)"
	eq "$1: as many as the VMM has seen" "$(cell vms vm=$vm userspace)" \
		"$(sed -n 's/^did .*mmio_exits=\([0-9]*\).*/\1/p' $GUEST_LOG)"
	guest_release
}

vm=0
kvmfault_load
guest --pages 64 > /dev/null
vm=1

begin --pages $N --mmio $N
ends "MMIO in the VMM" violation $((4 + N + 1)) 1
ends "MMIO in the VMM" misconfig $((N - 1)) $((N - 1))
end "MMIO in the VMM"

# Any write will do: on Intel none is even emulated.
begin --scene ioeventfd --pages $N
ends "an ioeventfd" violation 5 0
ends "an ioeventfd" misconfig $((N - 1)) 0
end "an ioeventfd"

# N writes of one value signal, 2N of another one do not.
begin --scene datamatch --pages $N
ends "an ioeventfd for one value" violation 5 0
ends "an ioeventfd for one value" misconfig $((3 * N - 1)) $((2 * N))
end "an ioeventfd for one value"

# There is no MMIO entry for memory: each write is a violation.
begin --scene readonly --pages $N
ends "a read-only slot" violation $((4 + 3 * N)) $((2 * N))
ends "a read-only slot" misconfig 0 0
end "a read-only slot"

# The first write to the slot that is back finds its MMIO entry out of date: a
# misconfig that ends in the guest.
begin --scene slot --pages 7
ends "a slot that comes and goes" violation $((5 + 7 * 5)) 7
ends "a slot that comes and goes" misconfig $((7 * 3)) $((7 * 2))
end "a slot that comes and goes"

begin --pages $N --vcpus 2 --mmio $N
ends "two vCPUs" misconfig $((2 * (N - 1))) $((2 * (N - 1)))
end "two vCPUs"
