# SPDX-License-Identifier: GPL-2.0
# Memory fails the module while it runs, allocation by allocation: who asks is
# told, what is missed is counted, and afterwards all is as it was
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest selftests/debug/nth/lib.sh:/nth.sh
. /nth.sh
fail_ready

parameters=/sys/module/kvmfault/parameters
cpu=/sys/devices/system/cpu/cpu1/online

# all NAME [WHOLE]: how many allocations there were, of which each has failed, and at
# least so many that are larger than a page, or for all CPUs.
all()
{
	gt "$1: every allocation has failed once" "$fail_n" 0
	[ -z "${2:-}" ] || ge "$1: large ones too" "$fail_wholes" "$2"
	note "$1: $fail_n, of which $fail_wholes are large"
}

# Of an exit that was missed it is not known which class it had.
counted()
{
	[ "$(($(sum vms - violation) + $(sum vms - misconfig) +
		$(missed_of violation)))" -eq \
		"$(($1 * ($(expected violation) + $(expected misconfig))))" ] &&
		[ "$(($(sum vms - tdp) + $(missed_of tdp)))" -eq \
			"$(($1 * $(expected tdp)))" ]
}

# Whole, or an error; never a part of it. The guests are at rest.
read_file()
{
	if ! cat "$KVMFAULT_DIR/$1" > /tmp/read 2> /dev/null; then
		refused=$((refused + 1))
	elif [ "$(wc -l < /tmp/read)" -ne "$(wc -l < "/tmp/whole.$1")" ]; then
		not_ok "$1 is whole, or an error" \
			"allocation $fail_at: $(wc -l < /tmp/read) lines"
	fi
}

# Answered, refused, or told that an answer is lost; but not kept waiting.
ask()
{
	timeout 20 nltest "$@" > /tmp/said 2>&1
	[ $? -ne 143 ] || grep -q overrun /tmp/said ||
		not_ok "there is an answer" "$*, allocation $fail_at: $(tail -n 1 /tmp/said)"
}

# Of what goes through many that are alike, some.
fail_next()
{
	if [ -n "${KVMFAULT_FAILS:-}" ] || [ $1 -lt 16 ]; then
		echo $(($1 + 1))
	else
		echo $(($1 + 5))
	fi
}

change()
{
	ask do settings-set hot=1 recent=1 stages=1
	ask do settings-set hot=0 recent=0 stages=0
	ask do settings-set alert-ns=1
	ask do settings-set alert-ns=0
	ask do probe-set name=kvm_tdp_page_fault enabled=0
	enable_again
	all_or_none
}

# What could not be enabled can be when there is memory.
enable_again()
{
	local nth

	nth=$(cat $NTH/nth)
	ask do probe-set name=kvm_tdp_page_fault enabled=1
	echo 0 > $NTH/nth
	nltest do probe-set name=kvm_tdp_page_fault enabled=1 > /tmp/said
	[ "$(cell probes probe=kvm_tdp_page_fault state)" = armed ] ||
		not_ok "it is armed again" "allocation $fail_at: $(tail -n 1 /tmp/said)"
	echo $nth > $NTH/nth
}

# A request that is refused has changed nothing.
all_or_none()
{
	local nth before

	nth=$(cat $NTH/nth)
	echo 0 > $NTH/nth
	nltest do settings-set hot=1 recent=0 stages=0 > /dev/null
	before=$(nltest do settings-get)
	echo $nth > $NTH/nth
	ask do settings-set hot=0 recent=1 stages=1
	if grep -q "^error" /tmp/said; then
		echo 0 > $NTH/nth
		[ "$(nltest do settings-get)" = "$before" ] ||
			not_ok "a request that is refused changes nothing" \
				"allocation $fail_at"
		all_refused=$((all_refused + 1))
	fi
	echo 0 > $NTH/nth
	nltest do settings-set hot=0 recent=0 stages=0 > /dev/null
}

write_parameter()
{
	echo "$2" > "$parameters/$1"
} 2> /dev/null

switch_parameters()
{
	write_parameter hot Y
	write_parameter recent Y
	write_parameter stages Y
	write_parameter engine direct
	write_parameter engine kretprobe
	write_parameter hot N
	write_parameter recent N
	write_parameter stages N
}

live()
{
	guest --pages 5 --mmio 2 --vms 2 > /dev/null
	lives=$((lives + 2))
}

# Nothing is made for a group that nobody listens to; and it goes with the module.
listen()
{
	local group

	for group in vm alert; do
		nltest listen $group 1000000 > /tmp/heard.$group &
		listeners="$listeners $!"
		wait_until 30 grep -qs listening /tmp/heard.$group
	done
}

stop_listening()
{
	kill $listeners
	wait $listeners 2> /dev/null
	listeners=
}

listeners=
kvmfault_load maxactive=8
listen
guest_start --pages 20 --mmio 4 --vcpus 2 --parallel 4 --hold
guest_settled 4
echo Y > $parameters/hot
echo Y > $parameters/recent
echo Y > $parameters/stages

files=$(ls $KVMFAULT_DIR)
for file in $files; do
	cat "$KVMFAULT_DIR/$file" > "/tmp/whole.$file"
done
fail_in vfs_read cat
refused=0
for file in $files; do
	fail_each 200 read_file $file
	all "reading $file"
done
note "refused: $refused"
gt "who reads was refused" "$refused" 20
fail_end

fail_in netlink_sendmsg nltest-asks
for dump in $(nltest dumps); do
	fail_each 200 ask dump $dump
	all "$dump" 1
done
fail_end
# The first part is made while it is asked for, the others while they are fetched.
fail_in netlink_recvmsg nltest-asks
fail_each 200 ask -b 4096 dump histogram-get
all "histogram-get, further parts"
fail_end

fail_in netlink_sendmsg nltest-asks
wholes=0
for what in info-get settings-get reset "translate vm=1 gpa=0"; do
	fail_each 200 ask do $what
	all "$what"
	wholes=$((wholes + fail_wholes))
done
ge "what is counted needs large ones" "$wholes" 2
fail_end

# To take out a probe or a direct call of 6.1 the kernel needs memory, and warns and
# goes on without, or with a wrong count of its probes: nothing is left to do for who
# asked.
fail_in netlink_sendmsg nltest-asks disable_kprobe
all_refused=0
fail_each 3000 change
all "settings and probes by netlink" 3
gt "settings were refused" "$all_refused" 0
fail_end
fail_in param_attr_store "" unregister_ftrace_direct,disable_kprobe
fail_each 3000 switch_parameters
all "parameters"
fail_end
guest_release
for name in hot recent stages; do
	eq "$name can be switched on again" "$(echo Y > $parameters/$name; cat $parameters/$name)" Y
done
echo kretprobe > $parameters/engine
stop_listening
kvmfault_unload

# VMs come and go: pools are filled, notifications made.
kvmfault_load max_vms=4
listen
expect_of --pages 5 --mmio 2
lives=0
fail_in kvmfault:kvmfault_vm_settle
fail_each 400 live
all "births and deaths"
fail_end
check "what was missed of them is counted" counted $lives
live
check "and afterwards nothing more is" counted $lives
echo 1 > $parameters/stuck_ms
nltest do settings-set alert-ns=1 alert-interval-ms=1 > /dev/null
# They are told by work that may come later.
alerted()
{
	live
	sleep 1
}

fail_in kvmfault:kvmfault_netlink_alert
fail_each 50 alerted
all "alerts"
fail_end
check "they cost no count" counted $lives
for group in vm alert; do
	gt "notifications of group $group" "$(grep -c ntf /tmp/heard.$group)" 0
done
stop_listening
kvmfault_unload

# KVM comes while kvmfault is there.
come()
{
	kvm_load
	echo 0 > $NTH/nth
	guest --pages 5 --mmio 2 > /dev/null
	! awk 'NR > 1 && $3 != "armed" && $3 != "unavailable"' \
		$KVMFAULT_DIR/probes | grep . || not_ok "a probe is armed or says not"
	kvm_unload
}

# Nearly all of it is what failing-load goes through.
fail_next()
{
	if [ -n "${KVMFAULT_FAILS:-}" ] || [ $1 -lt 16 ]; then
		echo $(($1 + 1))
	else
		echo $(($1 + 61))
	fi
}

all_armed()
{
	[ "$(pick probes - state | sort -u)" = armed ]
}

kvm_unload
kvmfault_load maxactive=1
fail_in kvmfault:module_event insmod
fail_each 3000 come
all "KVM comes"
fail_end
kvm_load
check "all probes are armed when there is memory again" all_armed

# While KVM stays, too: those beside the faults, which nobody can enable.
all_back()
{
	guest --pages 5 > /dev/null
	[ -z "$(pick probes state=unavailable probe)" ]
}

kvm_unload
fail_in kvmfault:kvmfault_extra_coming insmod
n=0 lacking=
while [ -z "$lacking" ] && [ $n -lt 40 ]; do
	n=$((n + 1))
	fail_nth $n
	kvm_load
	fail_nth 0
	lacking=$(pick probes state=unavailable probe)
	[ -n "$lacking" ] || kvm_unload
done
fail_end
ne "probes are lacking" "$lacking" ""
note "$lacking"
check "they come by themselves" wait_until 30 all_back
kvmfault_unload

# On the CPU that has come.
none_is_missed()
{
	local before

	before=$(missed_of tdp)
	taskset 2 kvmfault-guest --pages 5 > /dev/null
	[ "$(missed_of tdp)" -eq "$before" ]
}

# A CPU comes, and there is no memory: for its buffer, or for what is beside it.
come_cpu()
{
	echo 0 > $cpu
	kvmfault_load hot=Y recent=Y
	fail_in kvmfault:buffer_online
	fail_nth $1
	echo 1 > $cpu
	hit=$(cat $NTH/failed) whole=$(fail_whole)
	fail_nth 0
	fail_end
	guest --pages 5 --mmio 2 --parallel 4 > /dev/null
	check "a CPU comes without its $1. allocation, and all is counted" counted 4
	# None counts there for want of a buffer, until there is one.
	if [ $whole -gt 0 ]; then
		wholes=$((wholes + 1))
		check "then it gets its buffer" wait_until 30 none_is_missed
	fi
	kvmfault_unload
}

if [ -e $cpu ]; then
	n=0 hit=1 wholes=0
	while [ $hit -gt 0 ] && [ $n -lt 60 ]; do
		n=$((n + 1))
		come_cpu $n
	done
	eq "a CPU comes without each of its allocations in turn" "$hit" 0
	gt "without its buffer among them" "$wholes" 0
fi

kvmfault_load
exact_after_it --pages 37 --mmio 9
