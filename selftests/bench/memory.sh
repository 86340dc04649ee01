# SPDX-License-Identifier: GPL-2.0
# Memory of a host with 512 CPUs and 1,000 VMs: as told, and as the kernel counts
# machines: amd intel
# needs: cpus=2
# memory: 4096
# files: selftests/bench/crowd.sh:/crowd.sh selftests/bench/kvmfault-crowd

. /crowd.sh

CPUS=512
VMS=1000
MOST=$((64 << 20))

# What kvmfault says it has, in bytes.
told()
{
	awk '$1 == "memory" { print $2 }' $KVMFAULT_DIR/summary
}

# What the kernel has given away, whoever has it, in bytes.
given()
{
	awk '/^(Slab|VmallocUsed|Percpu):/ { kb += $2 } END { print kb * 1024 }' \
		/proc/meminfo
}

# Pages that wait to be given back are no cost.
settled()
{
	sleep 1
	echo 2 > /proc/sys/vm/drop_caches
	given
}

possible()
{
	echo $(($(sed 's/.*-//' /sys/devices/system/cpu/possible) + 1))
}

# That many VMs at once are more than there are records ready for: those that are
# missed are seen at their next fault.
all_listed()
{
	crowd_fault
	[ "$(rows vms)" -gt $VMS ]
}

# The VMs are there and have been through everything that KVM allocates memory
# for, before the module comes: what is more then is the module's.
check "$VMS VMs" crowd_start $VMS
echo 0 > /sys/devices/system/cpu/cpu1/online
before=$(settled)
kvmfault_load
loaded=$(told)
echo 1 > /sys/devices/system/cpu/cpu1/online
per_cpu=$(($(told) - loaded))
wait_until 60 all_listed
after=$(settled)
full=$(told)
eq "all VMs are listed" "$(rows vms)" $((VMS + 1))
note "memory missed_at_first $(sum probes - missed)"

# Before, the same was loaded with fewer possible CPUs: see loaded.sh.
possible=$(possible)
per_possible=$(((loaded - BENCH_LOADED) / (possible - BENCH_POSSIBLE)))
per_vm=$(((full - loaded - per_cpu) / VMS))
whole=$((full + (CPUS - 2) * per_cpu + (CPUS - possible) * per_possible))
note "memory possible_cpus $possible"
note "memory loaded_bytes $loaded"
note "memory bytes_per_cpu $per_cpu"
note "memory bytes_per_possible_cpu $per_possible"
note "memory bytes_per_vm_and_vcpu $per_vm"
note "memory told_bytes $full"
note "memory given_bytes $((after - before))"
note "memory bytes_at_${CPUS}_cpus_and_${VMS}_vms $whole"
le "budget: $CPUS CPUs and $VMS VMs, as told: $whole bytes" $whole $MOST
# The kernel rounds up, and the module's own text is in it.
given=$((after - before + whole - full))
note "memory given_bytes_at_${CPUS}_cpus_and_${VMS}_vms $given"
le "budget: $CPUS CPUs and $VMS VMs, as given: $given bytes" $given $MOST
within "what the kernel has given is what is told" $((after - before)) \
	$((full * 9 / 10)) $((full * 12 / 10 + (1 << 20)))
