# SPDX-License-Identifier: GPL-2.0
# What is private to KVM is recognised by looking, and rightly for this kernel
# machines: intel amd

# The module asks for no version, so the version can judge it.
case $(uname -r) in
5.10.*)
	call="plain arguments"
	codes="5.10"
	;;
6.1.*)
	call="a struct as in 6.1"
	codes="6.1"
	;;
*)
	# Whatever comes later is taken for the newest that is known; where it
	# is not, this fails, and the tables in abi.c want a new line.
	call="a struct as in 6.12"
	codes="6.12"
	;;
esac

recognised()
{
	sed -n 's/^KVM  *//p' "$KVMFAULT_DIR/summary"
}

kvmfault_load
eq "before any fault nothing is claimed: call" \
	"$(recognised | sed 's/;.*//')" "tdp is called with not seen yet"
matches "before any fault nothing is claimed: outcomes" \
	"$KVMFAULT_DIR/summary" "its outcomes are not recognised yet"

# Some more pages than the sixteen faults that recognition wants to see.
# Beyond the first megabytes, where frame numbers are small enough to be taken
# for levels and tell nothing.
guest_hold --pages 97 --mmio 7 --offset 64M
eq "how tdp is called" "$(recognised | sed 's/;.*//')" \
	"tdp is called with $call"
eq "what it returns" "$(recognised | sed 's/.*; //')" \
	"its outcomes are as in $codes"
eq "nothing had to be tried again" "$(cell vms vm=1 retry)" 0
eq "on no vCPU, either" "$(cell vcpus vm=1,vcpu=0 retry)" 0
eq "counts are whole from the first fault on" "$(cell vms vm=1 tdp)" \
	"$(expected tdp)"
guest_release
