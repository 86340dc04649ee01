# SPDX-License-Identifier: GPL-2.0
#
# For cases: QEMU and a Linux in it, and what KVM, its trace events and QEMU's monitor
# say of them. Sourced after lib.sh, by a case with the header vmm.
#
#	vmm_initramfs		make the guest's root
#	vmm_start ARGS...	QEMU in the background, with the kernel that runs here
#	vmm_end			end it; its VM goes with it, and leaves its counts
#	guest_says WORD		wait until the guest says it: "up", when it is
#	in_guest COMMAND	have the guest's shell do it
#	monitor COMMAND		what QEMU's monitor answers
#	each_event PREFIX	have KVM's events counted; no more if it is "!"
#	can_count WHAT		is skipped with a word where events cannot be counted
#	hits EVENT...		of all of them that this kernel has
#	kvm_stat NAME		a figure of KVM's, of the only VM
#	outcome OUTCOME		of its tdp faults
#	compare_counts WHEN	what we have counted is what KVM has
#	compare_memslots WHEN	memory slots are where QEMU has its memory
#	compare_hva GPA...	and so is each of these
#	compare_threads WHEN	each vCPU has the thread that QEMU says

EVENTS=/sys/kernel/tracing/events/kvm
MONITOR=/tmp/monitor
SHELL_PIPE=/tmp/shell

# The guest.

# It says when it is up, and does what it is told on its second serial port.
vmm_initramfs()
{
	mkdir -p /tmp/guest/bin && cp /bin/busybox /tmp/guest/bin/ || return 1
	cat > /tmp/guest/init <<-'END'
		#!/bin/busybox sh
		/bin/busybox mkdir -p /dev /proc /sys /tmp
		/bin/busybox --install -s /bin
		export PATH=/bin
		mount -t devtmpfs devtmpfs /dev
		mount -t proc proc /proc
		mount -t sysfs sysfs /sys
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
	qemu-system-x86_64 -name vmm,debug-threads=on -accel kvm -cpu host \
		-nodefaults -vga none -display none "$@" \
		-kernel /vmm/vmlinux -initrd /vmm/initramfs \
		-append "console=ttyS0 loglevel=4 cryptomgr.notests no_timer_check" \
		-serial file:/tmp/console \
		-chardev pipe,id=shell,path=$SHELL_PIPE -serial chardev:shell \
		-chardev pipe,id=monitor,path=$MONITOR -mon monitor \
		< /dev/null > /tmp/qemu.said 2>&1 &
	vmm=$!
}

# Who hangs is silent for longer than the lab lets him be.
guest_says()
{
	while read -r -t 1800 said <&5; do
		[ "${said%% *}" != "$1" ] || return 0
	done
	return 1
}

# Whether it has succeeded there, too.
in_guest()
{
	echo "$*" >&4
	guest_says done && [ "$said" = "done 0" ]
}

# The prompt and the echo stand before each line that it was sent.
monitor()
{
	local line

	printf '%s\nprint 0x4711\n' "$*" >&6
	while IFS= read -r -t 600 line <&7; do
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

can_count()
{
	[ -e $EVENTS/kvm_page_fault/hist ] || {
		skip "$1" "this kernel does not count events (CONFIG_HIST_TRIGGERS)"
		return 1
	}
}

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

hits()
{
	local event

	for event; do
		[ ! -e $EVENTS/$event ] || sed -n 's/^    Hits: //p' $EVENTS/$event/hist
	done | awk '{ n += $1 } END { print n + 0 }'
}

kvm_stat()
{
	cat /sys/kernel/debug/kvm/*-*/"$1"
}

outcome()
{
	sum faults "vm=1,class=tdp,outcome=$1" count
}

# While the guest does not run. Before there was a count of what is emulated, that was
# in what is fixed, and what the fast path had fixed was in none.
compare_counts()
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
		within "$1: those that KVM has fixed or emulated" \
			$(($(outcome fixed) + $(outcome emulate) - $(kvm_stat pf_fixed))) \
			0 "$(sum faults vm=1,class=tdp,cause=protected count)"
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

compare_memslots()
{
	mtree memory > /tmp/mtree
	gt "$1: QEMU has memory" "$(wc -l < /tmp/mtree)" 3
	eq "$1: memory slots" "$(memslots 0 | tr '\n' ';')" \
		"$(tr '\n' ';' < /tmp/mtree)"
	eq "$1: those of the other mode" "$(memslots 1 | tr '\n' ';')" \
		"$(mtree KVM-SMRAM | tr '\n' ';')"
}

# translated GPA FIGURE
translated()
{
	kvmfault translate --json 1 "$1" | grep -o "\"$2\": *[0-9]*" |
		grep -o '[0-9]*$'
}

compare_hva()
{
	local gpa

	for gpa; do
		eq "the HVA of $gpa" "$(printf '0x%x' "$(translated "$gpa" hva)")" \
			"$(monitor "gpa2hva $gpa" | sed -n 's/.* is //p')"
	done
}

compare_threads()
{
	eq "$1: the threads of vCPUs" \
		"$(awk 'NR > 1 && $1 == 1 { print $2, $3 }' $KVMFAULT_DIR/threads |
			tr '\n' ';')" \
		"$(monitor "info cpus" |
			sed -n 's/.*CPU #\([0-9]*\).* thread_id=/\1 /p' | tr '\n' ';')"
}

# Until it stands still it may fault once more.
vmm_end()
{
	local before

	monitor stop > /dev/null
	before=$(cell vms vm=1 tdp)
	# It answers no more.
	echo quit >&6
	wait "$vmm"
	exec 4>&- 5>&- 6>&- 7>&-
	rm $MONITOR.* $SHELL_PIPE.*
	check "its VM goes with it" wait_until 10 nobody_lives
	eq "and leaves its counts" "$(cell vms vm=0 tdp)" "$before"
	eq "nobody is stuck" "$(rows stuck)" 0
	each_event !
}
