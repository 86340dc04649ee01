# SPDX-License-Identifier: GPL-2.0
# A QEMU that changes while it runs: a vCPU and memory are plugged in, and it is
# migrated; what kvmfault says is what KVM, its events and QEMU's monitor say
#
# On one CPU: on two, of which the emulator runs one at a time, a second guest's timers
# stop, with us or without.
# machines: amd
# memory: 2048
# programs: tools/kvmfault/build/kvmfault
# vmm: qemu
# files: selftests/lab/vmm.sh:/vmm.sh
. /vmm.sh

HUGE=/tmp/huge
PAGES=96

# Faults at an entry that forbids the access, and not at MMIO's, as KVM traces them.
FORBIDDEN=/sys/kernel/tracing/instances/forbidden
FORBIDS='hist:keys=common_type if error_code & 1 && !(error_code & 8)'

huge_pages()
{
	echo $PAGES > /proc/sys/vm/nr_hugepages
	[ "$(cat /proc/sys/vm/nr_hugepages)" -eq $PAGES ] &&
		mkdir -p $HUGE && mount -t hugetlbfs none $HUGE
}

huge_pages_taken()
{
	awk '$1 == "HugePages_Total:" { n += $2 } $1 == "HugePages_Free:" { n -= $2 }
		END { print n }' /proc/meminfo
}

count_forbidden()
{
	mkdir $FORBIDDEN
	[ ! -e $FORBIDDEN/events/kvm/kvm_page_fault/hist ] ||
		echo "$FORBIDS" > $FORBIDDEN/events/kvm/kvm_page_fault/trigger
}

compare_pages()
{
	local level

	for level in 4k 2m 1g; do
		[ "$(cell setup vm=1 maps_$level)" = - ] ||
			eq "$1: mappings of $level" "$(cell setup vm=1 maps_$level)" \
				"$(kvm_stat pages_$level)"
	done
}

compare_forbidden()
{
	! can_count "$1: at an entry that forbids it" ||
		eq "$1: at an entry that forbids it" \
			"$(sum faults vm=1,class=tdp,cause=protected count)" \
			"$(sed -n 's/^    Hits: //p' $FORBIDDEN/events/kvm/kvm_page_fault/hist)"
}

compare_pfn()
{
	local gpa

	for gpa; do
		eq "the PFN of $gpa" "$(printf '0x%x' $(($(translated "$gpa" pfn) << 12)))" \
			"$(monitor "gpa2hpa $gpa" | sed -n 's/.* is //p')"
	done
}

# compare WHEN [COMMAND]: all that can be, while the guest stands still.
compare()
{
	monitor stop > /dev/null
	compare_counts "$1"
	compare_forbidden "$1"
	compare_memslots "$1"
	compare_threads "$1"
	compare_pages "$1"
	"${2:-true}"
	monitor cont > /dev/null
}

all_logged()
{
	[ -n "$(pick memslots vm=1,as=0 flags)" ] &&
		! pick memslots vm=1,as=0 flags | grep -qv dirty-log
}

none_logged()
{
	! pick memslots vm=1 flags | grep -q dirty-log
}

migrated()
{
	case $(monitor "info migrate") in
	*"Migration status: completed"*)	return 0 ;;
	*)					return 1 ;;
	esac
}

# What the guest is told, each in a line. What comes is not there at once.
TAKE_CPU='cd /sys/devices/system/cpu; until [ -e cpu1 ]; do sleep 1; done; echo 1 > cpu1/online; [ $(nproc) -eq 2 ]'
TAKE_MEMORY='cd /sys/devices/system/memory; until [ -e memory32 ]; do sleep 1; done; echo online > memory32/state; mount -o remount,size=180m /tmp'
# More than fits into the memory that it has had.
FILL="taskset 2 dd if=/dev/zero of=/tmp/f bs=1M count=130"
WRITE="dd if=/dev/zero of=/tmp/f bs=1M count=16 conv=notrunc"

case $(uname -r) in
5.10.*)	skip_all "with 5.10 the emulated machine comes to a halt now and then" ;;
esac
check "a root for the guest" vmm_initramfs
check "huge pages for it" huge_pages
kvmfault_load stages=Y
each_event ''
count_forbidden
vmm_start -m 128,slots=2,maxmem=1G -smp 1,maxcpus=2 \
	-object memory-backend-file,id=memory,size=128M,mem-path=$HUGE,share=on \
	-machine memory-backend=memory
check "Linux boots in QEMU" guest_says up || tail -n 3 /tmp/qemu.said /tmp/console
on_huge_pages()
{
	compare_hva 0x1000 0x100000 0x1234567
	compare_pfn 0x1000 0x100000 0x1234000
	[ "$(cell setup vm=1 maps_2m)" = - ] ||
		gt "huge pages are mapped" "$(cell setup vm=1 maps_2m)" 10
	gt "the host has given some to the guest" \
		"$(sum causes vm=1,cause=huge count)" 10
	le "and others to QEMU" "$(sum causes vm=1,cause=huge count)" \
		"$(huge_pages_taken)"
}
compare "booted" on_huge_pages

monitor device_add host-x86_64-cpu,id=second,socket-id=0,core-id=1,thread-id=0
check "the guest takes a CPU" in_guest "$TAKE_CPU"
compare "one more vCPU"

monitor object_add memory-backend-ram,id=more,size=128M
monitor device_add pc-dimm,id=dimm,memdev=more
check "the guest takes memory" in_guest "$TAKE_MEMORY"
check "and fills it" in_guest "$FILL"
gt "by its second vCPU" "$(cell vcpus vm=1,vcpu=1 tdp)" 10
compare "more memory"
eq "it has a slot" "$(cell memslots vm=1,gpa_from=0x100000000 pages)" 32768

# Not to its end before all is compared.
monitor migrate_set_parameter max-bandwidth 64K
monitor migrate -d '"exec:cat > /dev/null"'
check "migration: each slot's writes are logged" wait_until 300 all_logged
check "the guest writes" in_guest "$WRITE"
compare "while it is migrated"
gt "which runs into what is write-protected" \
	"$(sum faults vm=1,class=tdp,cause=protected count)" 10
monitor migrate_set_parameter max-bandwidth 10G
check "it is migrated" wait_until 300 migrated
monitor cont > /dev/null
check "no more is logged" wait_until 300 none_logged
compare "after it"
check "the guest goes on" in_guest "$WRITE"
vmm_end
rmdir $FORBIDDEN
umount $HUGE
echo 0 > /proc/sys/vm/nr_hugepages
