# SPDX-License-Identifier: GPL-2.0
# QEMU and a Linux in it, at ease and short of memory: what kvmfault says of them is
# what KVM, its trace events and QEMU's monitor say
# machines: amd
# memory: 2048
# modules: null_blk
# programs: tools/kvmfault/build/kvmfault
# vmm: qemu

EVENTS=/sys/kernel/tracing/events/kvm
CGROUP=/tmp/cgroup
MONITOR=/tmp/monitor
SHELL_PIPE=/tmp/shell

# The guest.

# It says when it is up, and does what it is told on its second serial port.
make_initramfs()
{
	mkdir -p /tmp/guest/bin && cp /bin/busybox /tmp/guest/bin/ || return 1
	cat > /tmp/guest/init <<-'END'
		#!/bin/busybox sh
		/bin/busybox mkdir -p /dev /proc /tmp
		/bin/busybox --install -s /bin
		export PATH=/bin
		mount -t devtmpfs devtmpfs /dev
		mount -t proc proc /proc
		mount -t tmpfs -o size=90% tmpfs /tmp
		stty -F /dev/ttyS1 raw -echo
		exec < /dev/ttyS1 > /dev/ttyS1
		echo up
		while read -r line; do
			eval "$line" 2> /dev/null
			echo "done $?"
		done
	END
	chmod +x /tmp/guest/init
	(cd /tmp/guest && find . | cpio -o -H newc) > /vmm/initramfs 2> /dev/null
}

vmm_start()
{
	mkfifo $MONITOR.in $MONITOR.out $SHELL_PIPE.in $SHELL_PIPE.out
	exec 4<> $SHELL_PIPE.in 5<> $SHELL_PIPE.out 6<> $MONITOR.in 7<> $MONITOR.out
	sh -c "echo \$\$ > $CGROUP/vm/cgroup.procs; exec \"\$@\"" - \
	qemu-system-x86_64 -name vmm,debug-threads=on -accel kvm -cpu host -m 160 \
		-nodefaults -vga none -display none \
		-kernel /vmm/vmlinux -initrd /vmm/initramfs \
		-append "console=ttyS0 loglevel=4 cryptomgr.notests no_timer_check" \
		-serial file:/tmp/console \
		-chardev pipe,id=shell,path=$SHELL_PIPE -serial chardev:shell \
		-chardev pipe,id=monitor,path=$MONITOR -mon monitor \
		< /dev/null > /tmp/qemu.said 2>&1 &
	vmm=$!
}

# guest_says WORD: within so many seconds as a slow kernel may need
guest_says()
{
	local line

	while read -r -t 300 line <&5; do
		[ "${line%% *}" != "$1" ] || return 0
	done
	return 1
}

in_guest()
{
	echo "$*" >&4
	guest_says done
}

# monitor COMMAND: what it answers. The prompt and the echo stand before each line
# that it was sent.
monitor()
{
	local line

	printf '%s\nprint 0x4711\n' "$*" >&6
	while IFS= read -r -t 60 line <&7; do
		line=${line%$(printf '\r')}
		case $line in
		0x4711)	return 0 ;;
		"(qemu)"*|QEMU*)	;;
		*)	echo "$line" ;;
		esac
	done
	return 1
}

# What others have counted.

# KVM tells a guest that has just come up that all is ready, too, which is none.
count_by()
{
	case $1 in
	kvm_async_pf_ready)	echo 'hist:keys=common_type if token != 0xffffffff' ;;
	*)			echo 'hist:keys=common_type' ;;
	esac
}

# can_count WHAT: is skipped with a word where events cannot be counted
can_count()
{
	[ -e $EVENTS/kvm_page_fault/hist ] || {
		skip "$1" "this kernel does not count events (CONFIG_HIST_TRIGGERS)"
		return 1
	}
}

# each_event PREFIX: has them counted; no more if it is "!"
each_event()
{
	local event

	[ -e $EVENTS/kvm_page_fault/hist ] || return
	for event in kvm_page_fault kvm_async_pf_not_present kvm_async_pf_ready \
		kvm_async_pf_repeated_fault kvm_async_pf_doublefault; do
		[ ! -e $EVENTS/$event ] ||
			echo "$1$(count_by $event)" > $EVENTS/$event/trigger
	done
}

# hits EVENT...: of all of them that this kernel has
hits()
{
	local event

	for event; do
		[ ! -e $EVENTS/$event ] || sed -n 's/^    Hits: //p' $EVENTS/$event/hist
	done | awk '{ n += $1 } END { print n + 0 }'
}

# kvm_stat NAME: of the only VM
kvm_stat()
{
	cat /sys/kernel/debug/kvm/*-*/"$1"
}

outcome()
{
	sum faults "vm=1,class=tdp,outcome=$1" count
}

# compare WHEN: while the guest does not run. Before there was a count of what is
# emulated, that was in what is fixed.
compare()
{
	local what="$1: every fault that KVM has traced is an exit"

	! can_count "$what" || eq "$what" \
		$(($(cell vms vm=1 violation) + $(cell vms vm=1 misconfig))) \
		"$(hits kvm_page_fault)"
	if [ -e "$(echo /sys/kernel/debug/kvm/*-*/pf_emulate)" ]; then
		eq "$1: those that it has emulated" "$(outcome emulate)" \
			"$(kvm_stat pf_emulate)"
		eq "$1: those that KVM has fixed" "$(outcome fixed)" \
			"$(kvm_stat pf_fixed)"
	else
		eq "$1: those that KVM has fixed or emulated" \
			$(($(outcome fixed) + $(outcome emulate))) \
			"$(kvm_stat pf_fixed)"
	fi
	eq "$1: nothing is missed" "$(sum probes - missed)" 0
}

# The memory that KVM has for an address space, as QEMU's monitor says it, and as we
# do: from, to.
mtree()
{
	monitor "info mtree -f" | awk -v space="$1" '
		/^FlatView/ { here = 0 }
		index($0, " AS \"" space "\"") { here = 1 }
		here && / KVM$/ {
			split($1, range, "-")
			print range[1], range[2]
		}' | while read -r from to; do
		printf '0x%x 0x%x\n' $((0x$from)) $((0x$to + 1))
	done
}

memslots()
{
	awk -v space="$1" 'NR > 1 && $1 == 1 && $2 == space { print $4, $5 }' \
		$KVMFAULT_DIR/memslots
}

translated()
{
	kvmfault translate --json 1 "$1" | grep -o '"hva": *[0-9]*' | grep -o '[0-9]*$'
}

compare_setup()
{
	local gpa number

	mtree memory > /tmp/mtree
	gt "QEMU has memory" "$(wc -l < /tmp/mtree)" 3
	eq "memory slots" "$(memslots 0 | tr '\n' ';')" "$(tr '\n' ';' < /tmp/mtree)"
	eq "those of the other mode" "$(memslots 1 | tr '\n' ';')" \
		"$(mtree KVM-SMRAM | tr '\n' ';')"
	eq "its firmware, and nothing else, is read-only" \
		"$(pick memslots "as=0,flags=readonly" gpa_from)" 0xfffc0000
	for gpa in 0x1000 0xf0000 0x100000 0x1234567 0x9fff000 0xfffc0000; do
		eq "the HVA of $gpa" "$(printf '0x%x' "$(translated $gpa)")" \
			"$(monitor "gpa2hva $gpa" | sed -n 's/.* is //p')"
	done
	eq "the vCPU's thread" "$(cell threads vm=1,vcpu=0 tid)" \
		"$(monitor "info cpus" | sed -n 's/.*CPU #0.* thread_id=//p')"
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

is_quiet()
{
	[ "$(async outstanding)" = 0 ]
}

check "a root for the guest" make_initramfs
check "memory of its own" cgroup_make
kvmfault_load stages=Y
each_event ''
vmm_start
check "Linux boots in QEMU" guest_says up || tail -n 3 /tmp/qemu.said /tmp/console
monitor stop > /dev/null
compare "booted"
compare_setup

check "swap on a slow disk" swap_on
monitor cont > /dev/null
check "the guest fills its memory" in_guest "dd if=/dev/zero of=/tmp/f bs=1M count=80"
echo 60M > $CGROUP/vm/memory.high
for round in 1 2; do
	check "and reads it, $round" in_guest "cat /tmp/f > /dev/null"
done
check "all pages have come" wait_until 60 is_quiet
monitor stop > /dev/null
compare "under pressure"
compare_async
gt "pages came back from swap" "$(sum causes vm=1,cause=swap count)" 0
note "$(sum causes vm=1,cause=swap count) from swap, $(async setup) set up"

before=$(cell vms vm=1 tdp)
monitor quit > /dev/null
wait "$vmm"
exec 4>&- 5>&- 6>&- 7>&-
gone()
{
	[ "$(rows vms)" -eq 1 ]
}
check "its VM goes with it" wait_until 10 gone
eq "and leaves its counts" "$(cell vms vm=0 tdp)" "$before"
eq "nobody is stuck" "$(rows stuck)" 0
each_event !
swapoff /dev/nullb0
umount $CGROUP /tmp/config
