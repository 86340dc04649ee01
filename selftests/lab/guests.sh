# SPDX-License-Identifier: GPL-2.0
#
# For cases: counting guests that stay, and what is expected of them. Sourced
# after lib.sh.
#
#	expect_of ARGS...	set what a guest with these arguments causes:
#				expected_violation, expected_misconfig,
#				expected_tdp, each for one VM
#	expected CLASS		print one of them
#	guest_start ARGS...	a guest in the background
#	guest_settled [N]	wait until N VMs of it have done their work and hold; or
#				until nothing goes on any more
#	guest_hold ARGS...	all three: a guest that stays alive after its work
#	guest_pid		the process of the first VM that holds
#	guest_runs		is it at work still, or holds?
#	runs PID...		are all of these? One that has ended and was not waited
#				for is not
#	exact_after_it ARGS...	kvmfault was loaded or reset: a guest that comes and goes is
#				all that it counts, to the unit
#	guest_asleep		does a vCPU sleep in a fault? If so, its stack is in
#				GUEST_STACK
#	guest_said WORD		has a line of what it says begun with it? stuck: it waits
#				for a page that nobody brings
#	guest_mapped WHAT	where vCPU 0 has it, of one with --map
#	page_walk		for which access the CPU walks a guest's page tables
#	settlings COMMAND...	how often kvmfault settles while it runs; fails where the
#				kernel does not tell
#	guest_release		let those that hold go, and wait for their end
#	guest_wait		wait for one that ends by itself
#	guest_stop		end it whatever it is doing
#	ahead COMMAND...	run what is to get done ahead of guests, who leave it
#				little of two CPUs

GUEST_LOG=/tmp/guest.log
GUEST_INPUT=/tmp/guest.input
GUEST_STACK=/tmp/guest.stack

# The formulas are those of kvmfault-guest --help. Without them twice, once
# there and once here, a guest that lies could not be told from a true count.
expect_of()
{
	local pages=0 mmio=0 slow=0 vcpus=1 rounds=1 first

	while [ $# -gt 0 ]; do
		case $1 in
		--pages)	pages=$2 ;;
		--mmio)		mmio=$2 ;;
		--slow)		slow=$2 ;;
		--vcpus)	vcpus=$2 ;;
		--rounds)	rounds=$2 ;;
		esac
		shift
	done
	# The first MMIO write finds no entry: it is a violation.
	first=$((mmio > 0))
	expected_violation=$((vcpus * (4 + first + rounds * (pages + slow))))
	expected_misconfig=$((vcpus * (rounds * mmio - first)))
	expected_tdp=$expected_violation
}

expected()
{
	case $1 in
	violation)	echo "$expected_violation" ;;
	misconfig)	echo "$expected_misconfig" ;;
	tdp)		echo "$expected_tdp" ;;
	esac
}

guest_start()
{
	rm -f $GUEST_INPUT
	mkfifo $GUEST_INPUT
	# Here and not in the job, or the last guest's word is taken for this one's.
	: > $GUEST_LOG
	kvmfault-guest "$@" <$GUEST_INPUT >$GUEST_LOG 2>&1 &
	guest_job=$!
	# Held open: when it closes, those that hold come to their end.
	exec 9>$GUEST_INPUT
}

guest_settled()
{
	local progress= before still=0

	until wait_until 1 guest_holds "${1:-1}"; do
		before=$progress
		progress=$(guest_progress)
		still=$((still + 1))
		[ "$progress" = "$before" ] || still=0
		if [ $still -eq 60 ]; then
			not_ok "the guest did its work" "$(tail -n 1 $GUEST_LOG)"
			return 1
		fi
	done
}

# How many hold, and what time guests have had of CPUs.
guest_progress()
{
	grep -c '^hold ' $GUEST_LOG
	cat /proc/[0-9]*/stat 2> /dev/null |
		awk '$2 == "(kvmfault-guest)" { n += $14 + $15 } END { print n }'
}

guest_holds()
{
	[ "$(grep -c '^hold ' $GUEST_LOG)" -ge "$1" ]
}

guest_hold()
{
	expect_of "$@"
	guest_start "$@" --hold
	guest_settled
}

guest_asleep()
{
	local comm

	for comm in $(grep -l '^vcpu' /proc/[0-9]*/task/[0-9]*/comm); do
		cat "${comm%comm}stack" > $GUEST_STACK 2>/dev/null
		! grep -q handle_userfault $GUEST_STACK || return 0
	done
	return 1
}

guest_said()
{
	grep -q "^$1 " $GUEST_LOG
}

guest_mapped()
{
	sed -n "s/^map vcpu=0 .* $1=\([^ ]*\).*/\1/p" $GUEST_LOG | head -n 1
}

# To write, since it may have to set their accessed bits; on Intel only if it does the
# same in the EPT.
page_walk()
{
	if [ "$(cat /sys/module/kvm_intel/parameters/eptad 2>/dev/null)" = N ]; then
		echo read
	else
		echo write
	fi
}

guest_pid()
{
	sed -n 's/^hold pid=//p' $GUEST_LOG | head -n 1
}

guest_runs()
{
	runs "$guest_job"
}

runs()
{
	local pid

	for pid; do
		grep -q . /proc/$pid/cmdline 2> /dev/null || return 1
	done
}

settlings()
{
	local tracing=/sys/kernel/tracing event=events/workqueue/workqueue_execute_start

	[ -e $tracing/$event ] || return 1
	echo > $tracing/trace
	echo 1 > $tracing/$event/enable
	"$@" > /dev/null
	echo 0 > $tracing/$event/enable
	awk '/function settle_work/ { n++ } END { print n + 0 }' $tracing/trace
}

guest_release()
{
	exec 9>&-
	wait "$guest_job" ||
		not_ok "the guest ended well" "$(tail -n 1 $GUEST_LOG)"
}

guest_wait()
{
	exec 9>&-
	wait "$guest_job"
}

guest_stop()
{
	exec 9>&-
	kill "$guest_job" 2>/dev/null
	wait "$guest_job" 2>/dev/null
}

exact_after_it()
{
	local class

	expect_of "$@"
	guest "$@" > /dev/null
	for class in violation misconfig tdp; do
		eq "$class is exact after it" "$(cell vms vm=0 $class)" "$(expected $class)"
		eq "$class is of that guest alone" "$(sum vms - $class)" \
			"$(expected $class)"
	done
}

ahead()
{
	local status

	renice -10 -p $$
	"$@"
	status=$?
	renice 0 -p $$
	return $status
}
