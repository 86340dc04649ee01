# SPDX-License-Identifier: GPL-2.0
# Pages in swap: what causes says of them, of memory of the VMM's own and of shared
# memory
# machines: amd
# modules: brd

N=46
HALF=$((N / 2))

swap_on()
{
	module_load brd rd_nr=1 rd_size=16384 && mkswap /dev/ram0 > /dev/null &&
		swapon /dev/ram0
}

cause() # CAUSE
{
	cell causes "vm=$vm,cause=$1" count
}

# goes_out_and_in WHAT SCENE: N pages are made, and half of them come back
goes_out_and_in()
{
	vm=$((vm + 1))
	guest_hold --scene "$2" --pages $N
	eq "$1: to make them is a minor fault each" "$(cause minor)" $N
	eq "$1: those that come back were in swap" "$(cause swap)" $HALF
	eq "$1: nothing else took the slow way" "$(sum causes "vm=$vm" count)" \
		$((N + HALF))
}

check "there is swap" swap_on
kvmfault_load stages=Y
vm=0
goes_out_and_in "own memory" swap
guest_release
goes_out_and_in "shared memory" swap-shared
guest_release
check "no more swap" swapoff /dev/ram0
