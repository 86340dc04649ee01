# SPDX-License-Identifier: GPL-2.0
# Memory fails the module while it is loaded, allocation by allocation: it is
# refused and leaves nothing, or it works as far as it says
# machines: amd
# memory: 2048
# files: selftests/netlink/nltest selftests/debug/nth/lib.sh:/nth.sh
. /nth.sh
fail_ready

# Every step of the ladder has to be taken back once, beside those that are when it
# unloads.
STEPS="async vm account watch settle switch probe async_probe changes roots shadow
	detail debugfs"
PROBES=/sys/kernel/tracing/kprobe_events

follow_steps()
{
	local step

	for step in $STEPS; do
		echo "p:steps/$step kvmfault:kvmfault_${step}_exit"
	done > $PROBES
	echo 1 > /sys/kernel/tracing/events/steps/enable
}

steps_of()
{
	awk -v step="$1" '$1 == step { print $2 }' /sys/kernel/tracing/kprobe_profile
}

# One that is not armed says so, and what it would count stays at 0.
counts_right()
{
	local class probe state found

	guest --pages 9 --mmio 3 > /dev/null
	expect_of --pages 9 --mmio 3
	for class in violation misconfig tdp; do
		probe=$(probe_of $class)
		state=$(cell probes "probe=$probe" state)
		case $state in
		armed)	found=$(($(sum vms - $class) + \
				 $(cell probes "probe=$probe" missed)))
			[ "$found" -ge "$(expected $class)" ] || return 1
			# Of exits it is not known which class was missed.
			[ $class != tdp ] ||
				[ "$found" -eq "$(expected tdp)" ] || return 1 ;;
		unavailable) [ "$(sum vms - $class)" -eq 0 ] || return 1 ;;
		*)	return 1 ;;
		esac
	done
}

# all_there ARGS...: a file that there was no memory for is told by debugfs itself. Each
# program takes its time on such a kernel: one after the other only if one is lacking.
all_there()
{
	local file

	(cd $KVMFAULT_DIR && cat $files) > /dev/null 2>&1 || for file in $files; do
		cat "$KVMFAULT_DIR/$file" > /dev/null 2>&1 ||
			dmesg | sed "1,/lab: allocation $fail_at of ${*:-none}$/d" |
				grep -q "can not create file '$file'" ||
			return 1
	done
	nltest do info-get > /dev/null
}

# The direct engine holds the module.
unload()
{
	echo kretprobe > /sys/module/kvmfault/parameters/engine && rmmod kvmfault
}

# load ARGS...: fewer instances and VMs, or there are thousands that are alike.
load()
{
	local said

	echo "lab: allocation $fail_at of ${*:-none}" > /dev/kmsg
	if said=$(insmod /kvmfault.ko maxactive=1 max_vms=2 "$@" 2>&1); then
		loaded=$((loaded + 1))
		echo 0 > $NTH/nth
		all_there "$@" || not_ok "loaded in spite of it: all is there" "n is $fail_at"
		counts_right || not_ok "it counts as far as it says" \
			"n is $fail_at: $(tail -n +2 $KVMFAULT_DIR/probes)"
		unload || not_ok "it unloads" "n is $fail_at"
		unloaded=$((unloaded + 1))
		return
	fi
	refused=$((refused + 1))
	case $said in
	*"Cannot allocate memory"*|*"Out of memory"*)	;;
	*)	not_ok "it is refused for want of memory" "n is $fail_at: $said" ;;
	esac
	! lab_is_loaded kvmfault || not_ok "then it is not there" "n is $fail_at"
	[ ! -e $KVMFAULT_DIR ] || not_ok "nor are its files" "n is $fail_at"
}

# The objects of the pools are alike. Of these some and of the others every seventh,
# unless there is time for all.
fail_next()
{
	if [ -n "${KVMFAULT_FAILS:-}" ] || [ $1 -lt 3 ]; then
		echo $(($1 + 1))
	elif [ $1 -lt 240 ]; then
		echo $(($1 + 60))
	else
		echo $(($1 + 7))
	fi
}

# The kernel dumps a stack where it cannot make a kind of slab: not of these.
kvmfault_load
files=$(ls $KVMFAULT_DIR)
kvmfault_unload
follow_steps
unloaded=0
fail_in do_one_initcall insmod kmem_cache_create_usercopy
for with in "" "hot=Y recent=Y stages=Y engine=direct"; do
	loaded=0 refused=0
	fail_each 3000 load $with
	note "${with:-no parameter}: the last that failed is number $fail_n; $refused times refused, $((loaded - 1)) times loaded in spite of it"
	gt "${with:-no parameter}: it was refused" "$refused" 4
done
fail_end
# What may refuse the family is memory for its number: once in 64 times.
fail_in kvmfault:kvmfault_netlink_init insmod
refused=0 loaded=0 fail_at=0
while [ $refused -eq 0 ] && [ $fail_at -lt 80 ]; do
	fail_at=$((fail_at + 1))
	fail_nth 1
	load max_vms=2
done
fail_nth 0
fail_end
eq "a module whose family is refused" "$refused" 1
# Each is done once when it unloads.
left=
for step in $STEPS; do
	[ "$(steps_of $step)" -gt $unloaded ] || left="$left $step"
done
eq "steps that were never taken back" "$left" ""
echo 0 > /sys/kernel/tracing/events/steps/enable
echo > $PROBES

kvmfault_load
exact_after_it --pages 37 --mmio 9
