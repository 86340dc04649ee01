# SPDX-License-Identifier: GPL-2.0
# QEMU and a Linux in it, at ease and short of memory: what kvmfault says of them is
# what KVM, its trace events and QEMU's monitor say
# machines: amd
# memory: 2048
# modules: null_blk
# programs: tools/kvmfault/build/kvmfault
# vmm: qemu
# files: selftests/lab/vmm.sh:/vmm.sh
. /vmm.sh

CGROUP=/tmp/cgroup

compare_setup()
{
	compare_memslots "booted"
	eq "its firmware, and nothing else, is read-only" \
		"$(pick memslots "as=0,flags=readonly" gpa_from)" 0xfffc0000
	compare_hva 0x1000 0xf0000 0x100000 0x1234567 0x9fff000 0xfffc0000
	compare_threads "booted"
}

# Short of memory.

# A disk that takes two milliseconds for a page: KVM does not wait for it.
swap_on()
{
	local disk=/tmp/config/nullb/nullb0

	mkdir -p /tmp/config && module_load null_blk nr_devices=0 &&
		mount -t configfs none /tmp/config && mkdir $disk &&
		echo 512 > $disk/size && echo 4096 > $disk/blocksize &&
		echo 1 > $disk/memory_backed && echo 2 > $disk/queue_mode &&
		echo 2 > $disk/irqmode && echo 2000000 > $disk/completion_nsec &&
		echo 1 > $disk/power &&
		mkswap /dev/nullb0 > /dev/null && swapon /dev/nullb0
}

cgroup_make()
{
	mkdir -p $CGROUP && mount -t cgroup2 none $CGROUP &&
		echo +memory > $CGROUP/cgroup.subtree_control &&
		mkdir $CGROUP/vm
}

async()
{
	sum async vm=1 "$1"
}

compare_async()
{
	gt "asynchronous page faults" "$(async setup)" 0
	eq "none outstanding" "$(async outstanding)" 0
	can_count "asynchronous page faults as KVM has traced them" || return
	eq "set up" "$(async setup)" "$(hits kvm_async_pf_not_present)"
	eq "at pages that are awaited" "$(async repeated)" \
		"$(hits kvm_async_pf_repeated_fault kvm_async_pf_doublefault)"
	eq "ready" "$(async ready)" "$(hits kvm_async_pf_ready)"
}

# It has been stopped with nothing under way.
is_quiet()
{
	monitor stop > /dev/null
	[ "$(async outstanding)" != 0 ] || return 0
	monitor cont > /dev/null
	return 1
}

check "a root for the guest" vmm_initramfs
check "memory of its own" cgroup_make
kvmfault_load stages=Y
each_event ''
vmm_start -m 160
echo "$vmm" > $CGROUP/vm/cgroup.procs
check "Linux boots in QEMU" guest_says up || tail -n 3 /tmp/qemu.said /tmp/console
monitor stop > /dev/null
compare_counts "booted"
compare_setup

check "swap on a slow disk" swap_on
monitor cont > /dev/null
check "the guest fills its memory" in_guest "dd if=/dev/zero of=/tmp/f bs=1M count=80"
echo 60M > $CGROUP/vm/memory.high
for round in 1 2; do
	check "and reads it, $round" in_guest "cat /tmp/f > /dev/null"
done
check "all pages have come" wait_until 300 is_quiet
compare_counts "under pressure"
compare_async
gt "pages came back from swap" "$(sum causes vm=1,cause=swap count)" 0
note "$(sum causes vm=1,cause=swap count) from swap, $(async setup) set up"

vmm_end
swapoff /dev/nullb0
umount $CGROUP /tmp/config
