# SPDX-License-Identifier: GPL-2.0
# Memory fails while VMs, KVM and a CPU come and go, allocation by allocation: what is
# missed is counted, and with memory nothing more is
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest selftests/debug/nth/lib.sh:/nth.sh selftests/debug/nth/run.sh:/run.sh
. /nth.sh
fail_ready
. /run.sh

cpu=/sys/devices/system/cpu/cpu1/online

# Of an exit that was missed it is not known which class it had.
counted()
{
	[ "$(($(sum vms - violation) + $(sum vms - misconfig) +
		$(missed_of violation)))" -eq \
		"$(($1 * ($(expected violation) + $(expected misconfig))))" ] &&
		[ "$(($(sum vms - tdp) + $(missed_of tdp)))" -eq \
			"$(($1 * $(expected tdp)))" ]
}

live()
{
	guest --pages 5 --mmio 2 --vms 2 > /dev/null
	lives=$((lives + 2))
}

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
fail_stride=61

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
