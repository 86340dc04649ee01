# SPDX-License-Identifier: GPL-2.0
# Memory fails who changes settings and probes, allocation by allocation: a request that
# is refused has changed nothing, and with memory all can be switched again
# machines: amd
# memory: 2048
# files: selftests/netlink/nltest selftests/debug/nth/lib.sh:/nth.sh selftests/debug/nth/run.sh:/run.sh
. /nth.sh
fail_ready
. /run.sh

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

run_start
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
for name in hot recent stages; do
	eq "$name can be switched on again" "$(echo Y > $parameters/$name; cat $parameters/$name)" Y
done
echo kretprobe > $parameters/engine
run_stop

kvmfault_load
exact_after_it --pages 37 --mmio 9
