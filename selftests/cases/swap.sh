# SPDX-License-Identifier: GPL-2.0
# Pages in swap: what causes and translate say of them, of memory of the VMM's own and
# of shared memory
# machines: amd
# modules: brd
# files: selftests/netlink/nltest
# programs: tools/kvmfault/build/kvmfault

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

# translated PAGE: into /tmp/way, of the pages that the guest has written
translated()
{
	nltest do translate vm=$vm gpa=$((0x200000 + $1 * 0x1000)) > /tmp/way
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
	translated $((HALF - 1))
	matches "$1: the last that came back is there" /tmp/way " presence=resident"
	translated $HALF
	matches "$1: the next is not" /tmp/way " presence=elsewhere"
	matches "$1: it is in swap" /tmp/way "why='the page is in swap"
	translated $((N - 1))
	matches "$1: the last as well" /tmp/way "why='the page is in swap"
	translated $N
	matches "$1: where the guest has not been is nothing" /tmp/way \
		" presence=nothing"
}

check "there is swap" swap_on
kvmfault_load stages=Y
vm=0
goes_out_and_in "own memory" swap
guest_release
goes_out_and_in "shared memory" swap-shared
translated 0
matches "the one that the VMM has unmapped is elsewhere" /tmp/way " presence=elsewhere"
matches "its file has it" /tmp/way "why='the file has the page in memory"
kvmfault translate $vm 0x200000 > /tmp/said
matches "the client says so" /tmp/said "^ *the file has the page in memory, but the VMM"
translated 1
matches "the one after it is there" /tmp/way " presence=resident"
guest_release
check "no more swap" swapoff /dev/ram0
