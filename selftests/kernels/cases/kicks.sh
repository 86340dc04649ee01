# SPDX-License-Identifier: GPL-2.0
# MMIO that is over when an eventfd has been signalled, before KVM does anything that
# other kernels do: on AMD, with a CPU that says where the next instruction is
# machines: amd

N=29

# exits NAME CLASS COUNT USERSPACE, of the guest that holds
exits()
{
	local row=vm=$vm,class=$2

	eq "$1: $2" "$(cell latency $row count)" "$3"
	eq "$1: $2 that went to the VMM" "$(cell latency $row userspace)" "$4"
}

# kicks SCENE KICKED: a guest that holds, and how many exits ended at once.
kicks()
{
	local before

	vm=$((vm + 1))
	before=$(cell probes probe=kvm_io_bus_write hits)
	guest_start --scene "$1" --pages $N --hold
	guest_settled
	eq "$1: exits that ended at once" \
		"$(($(cell probes probe=kvm_io_bus_write hits) - before))" "$2"
}

check "the CPU is said to have NRIPS" grep -q nrip_save /proc/cpuinfo
insmod /nrips.ko
vm=0
kvmfault_load recent=Y
guest --pages 64 > /dev/null
vm=1

kicks ioeventfd $((N - 1))
exits "an ioeventfd" violation 5 0
exits "an ioeventfd" misconfig $((N - 1)) 0
eq "each is among the last faults, with its address" "$(pick recent vm=$vm,class=misconfig gpa |
	sort | uniq -c | awk '{ print $1, $2 != "-" }')" "$((N - 1)) 1"
guest_release

# It minds the value, and is looked for elsewhere: none is counted twice.
kicks datamatch 0
exits "an ioeventfd for one value" violation 5 0
exits "an ioeventfd for one value" misconfig $((3 * N - 1)) $((2 * N))
guest_release
eq "none was missed" "$(pick probes - missed | sort -u)" 0

kvmfault_unload
eq "it unloads" "$?" 0
rmmod nrips
