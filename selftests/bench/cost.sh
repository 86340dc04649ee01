# SPDX-License-Identifier: GPL-2.0
# Instructions added to each kind of fault by kvmfault and by the bare mechanisms
# machines: intel
# files: selftests/bench/lib.sh:/bench.sh selftests/bench/kvmfault-stamp
# files: selftests/bench/shift.awk:/shift.awk selftests/bench/added.awk:/added.awk
# files: selftests/netlink/nltest

. /bench.sh

# The budgets, added medians; a violation passes through two probes.
RETPROBE_OVER_BARE_VIOLATION=200
RETPROBE_OVER_BARE_MISCONFIG=100
DIRECT_VIOLATION=180
DIRECT_MISCONFIG=90
EVENT_OFF=5

ENGINE=/sys/module/kvmfault/parameters/engine
EVENT=/sys/kernel/tracing/events/kvmfault/kvmfault_fault

# The direct engine holds the module.
unload()
{
	echo kretprobe > $ENGINE && kvmfault_unload
}

# Those that something else switches are in the way of no fault then.
disable_all()
{
	local probe rest said

	while read -r probe rest; do
		[ "$probe" != probe ] || continue
		said=$(nltest do probe-set "name=$probe" enabled=0) && continue
		case $said in
		*EOPNOTSUPP*)	;;
		*)	return 1 ;;
		esac
	done < $KVMFAULT_DIR/probes
	eq "no probe of faults is armed" "$(sed -n 's/^\(kvm_tdp_page_fault\|handle_ept_[a-z]*\) [a-z]* armed .*/\1/p' \
		$KVMFAULT_DIR/probes)" ""
}

event_on()
{
	cat /sys/kernel/tracing/trace_pipe > /dev/null &
	event_reader=$!
	echo 1 > $EVENT/enable
}

event_off()
{
	echo 0 > $EVENT/enable
	kill $event_reader
}

# A threshold that no fault reaches: that of the bench's own limit in time.
alert_on()
{
	nltest do settings-set alert-ns=1000000000 > /dev/null
}

# engine NAME: it, and each part that can be switched on.
engine()
{
	variant "$1" "kvmfault_load engine=$1" unload
	variant "$1-event" "kvmfault_load engine=$1 && event_on" "event_off; unload"
	variant "$1-event-off" "kvmfault_load engine=$1 && event_on && event_off" unload
	variant "$1-alert" "kvmfault_load engine=$1 && alert_on" unload
	variant "$1-recent" "kvmfault_load engine=$1 recent" unload
	variant "$1-hot" "kvmfault_load engine=$1 hot" unload
	variant "$1-stages" "kvmfault_load engine=$1 stages" unload
}

# What was on and is off again leaves no more than the branch that is always there:
# it is patched to a no-op at either end of a call, which nothing can be without.
off_budget()
{
	local never

	never=$(added "$1" "$2")
	[ -z "$never" ] || budget "$1-event-off" "$2" $((never + EVENT_OFF))
}

over_bare()
{
	local bare

	bare=$(added bare-kretprobe "$1")
	[ -z "$bare" ] || budget kretprobe "$1" $((bare + $2))
}

budgets()
{
	local kind engine

	for kind in present fresh; do
		over_bare $kind $RETPROBE_OVER_BARE_VIOLATION
		budget direct $kind $DIRECT_VIOLATION
	done
	for kind in mmio ioeventfd; do
		over_bare $kind $RETPROBE_OVER_BARE_MISCONFIG
		budget direct $kind $DIRECT_MISCONFIG
	done
	for engine in kretprobe direct; do
		for kind in cpuid pio; do
			exactly $engine $kind
		done
		for kind in present fresh mmio ioeventfd; do
			off_budget $engine $kind
		done
	done
	for kind in present fresh mmio ioeventfd cpuid pio; do
		exactly disabled $kind
		exactly nothing-again $kind
	done
}

: > $RESULTS
FUNCTIONS=$(functions)
variant nothing true true
variant bare-kprobe "insmod /bare.ko functions=$FUNCTIONS" "rmmod bare"
variant bare-kretprobe "insmod /bare.ko returns=1 functions=$FUNCTIONS" "rmmod bare"
variant bare-direct "insmod /bare_direct.ko functions=$FUNCTIONS" "rmmod bare_direct"
engine kretprobe
engine direct
variant disabled "kvmfault_load && disable_all" kvmfault_unload
variant nothing-again true true
budgets
