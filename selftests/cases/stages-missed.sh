# SPDX-License-Identifier: GPL-2.0
# More vCPUs asleep in a stage than its probe has room for: their calls are counted,
# those of the stage are missed, and the time is in the rest
# machines: amd

stage() # STAGE COLUMN
{
	cell stages "vm=1,stage=$1" "$2"
}

faultin() # COLUMN
{
	cell probes probe=kvm_mmu_faultin_pfn "$1"
}

# The calls themselves take no room.
kvmfault_load maxactive=2 engine=direct stages
eq "calls are seen by the direct engine" \
	"$(cell probes probe=kvm_tdp_page_fault engine)" direct
guest_hold --pages 5 --vcpus 6 --slow 2 --delay 900ms
eq "no call is missed" "$(missed_of tdp)" 0
eq "each is split" "$(stage tdp count)" "$(expected tdp)"
gt "some are missed in host fault-in" "$(faultin missed)" 0
eq "those and the others are all" \
	"$(($(faultin missed) + $(stage faultin count)))" "$(expected tdp)"
eq "the others are the hits" "$(faultin hits)" "$(stage faultin count)"
eq "the parts are the whole" "$(sum stages vm=1,of=tdp sum_ns)" \
	"$(stage tdp sum_ns)"
ge "the time of those that are missed is in the rest" "$(stage rest max_ns)" \
	900000000
ge "and that of the others in fault-in" "$(stage faultin max_ns)" 900000000
guest_release
echo kretprobe > /sys/module/kvmfault/parameters/engine
check "it unloads" kvmfault_unload
