# SPDX-License-Identifier: GPL-2.0
# The client against the module: what it prints is what debugfs says
# machines: intel amd
# files: tools/kvmfault/tests/prometheus.awk:/prometheus.awk
# programs: tools/kvmfault/build/kvmfault

# The value in a column of the rows that a command prints raw.
of()	# COLUMN ARGS...
{
	local column=$1

	shift
	kvmfault "$@" -s | awk -v column="$column" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i; next }
		{ print $at }'
}

# says NAME STATUS TEXT ARGS...: it ends with this status, and a sentence.
says()
{
	local name=$1 status=$2 text=$3 got

	shift 3
	kvmfault "$@" >/tmp/said 2>&1
	got=$?
	eq "$name: exit status" "$got" "$status"
	if [ -z "$text" ] || grep -q -- "$text" /tmp/said; then
		ok "$name: a sentence"
	else
		not_ok "$name: a sentence" "$(cat /tmp/said)"
	fi
}

says "no module" 4 "not loaded" vms

kvmfault_load
says "no VMs yet" 0 "violation" vms
guest_hold --pages 307 --mmio 53

for class in violation misconfig tdp; do
	eq "$class in vms" "$(of $class vms --vm 1)" "$(expected $class)"
	eq "$class in vcpus" "$(of $class vcpus --vm 1)" "$(expected $class)"
	eq "$class in latency" "$(of count latency --vm 1 --class $class)" \
		"$(expected $class)"
	eq "$class in histogram" \
		"$(of count histogram --vm 1 --class $class | awk '{ n += $1 } END { print n }')" \
		"$(expected $class)"
	for column in sum_ns min_ns p50_ns p90_ns p99_ns p999_ns max_ns; do
		eq "$column of $class" "$(of $column latency --vm 1 --class $class)" \
			"$(cell latency vm=1,class=$class $column)"
	done
	eq "$class in probes" "$(of hits probes | awk '{ n += $1 } END { print n }')" \
		"$(sum probes - hits)"
done
eq "faults" "$(of count faults --vm 1 | awk '{ n += $1 } END { print n }')" \
	"$(sum faults vm=1 count)"
eq "pid" "$(of pid vms --vm kvmfault-guest)" "$(guest_pid)"
eq "by process" "$(of vm vms --vm "$(guest_pid)")" 1
says "unknown VM" 5 "no VM has" show nobody
says "the busiest" 0 "kvmfault-guest"
says "show" 0 "1 vCPU" show 1
says "JSON" 0 '"vm":1' vms -j
says "rates" 0 'viol/s' -i 0.2 -c 2
kvmfault export --prometheus >/tmp/export
eq "export" "$?" 0
eq "export is what Prometheus reads" \
	"$(awk -f /prometheus.awk /tmp/export 2>&1; echo $?)" 0
eq "export counts" \
	"$(sed -n 's/^kvmfault_vm_fault_duration_seconds_count{vm="1",class="tdp"} //p' /tmp/export)" \
	"$(expected tdp)"

says "setting" 0 "" set alert 1us alert-interval 10ms
says "settings" 0 "1.00us" set
says "a refusal" 1 "alert-interval:.*range" set alert-interval 61s
says "another" 1 "" enable nonsense

# What holds the guest open is not for them to hold.
before=$(listeners)
kvmfault monitor vm -c 2 >/tmp/heard 9>&- &
listener=$!
kvmfault monitor alert -c 1 >/tmp/slow 9>&- &
check "both listen" wait_until 30 listens $((before + 1))
guest_release
# It is told when it is buried, and a VM that is born before that comes first.
wait_until 10 test -s /tmp/heard
guest --pages 3
wait_until 10 test -s /tmp/slow
wait $listener
eq "a death is heard" "$(sed -n '1s/: .*//p' /tmp/heard)" "vm 1 died"
eq "a birth is heard" "$(sed -n '2s/: .*//p' /tmp/heard)" "vm 2 born"
eq "a slow fault is heard" "$(sed -n '1s/:.*//p' /tmp/slow)" "vm 2 alert"

says "reset" 0 "violation" reset
eq "nothing after a reset" "$(of tdp vms --vm 0)" 0
says "disable" 0 "" disable kvm_destroy_vm
says "it is" 0 "disabled" probes
says "enable" 0 "" enable kvm_destroy_vm

says "hot is off" 1 "kvmfault set hot on" hot
says "recent is off" 1 "kvmfault set recent on" recent
says "switched on" 0 "" set hot on recent on
kvmfault-guest --pages 17 --rounds 3 --hold </dev/null >/tmp/second &
check "a guest" wait_until 60 grep -q '^hold ' /tmp/second
says "hot" 0 "rank" hot
says "recent of a VM" 0 "ago" recent 3
for column in rank gpa size access count error rip; do
	eq "$column of hot" "$(of $column hot 3)" "$(pick hot vm=3 $column)"
done
for column in time_ns vcpu class gpa access cause outcome level duration_ns \
	rip hva slot cpu pid; do
	eq "$column of recent" "$(of $column recent 3)" \
		"$(pick recent vm=3 $column)"
done
says "hot as JSON" 0 '"rank":1,' hot -j
kill $!
wait $!
says "switched off" 0 "" set hot off recent off

[ -e /etc/passwd ] || { mkdir -p /etc; echo 'nobody:x:65534:65534::/:/bin/sh' >/etc/passwd; }
su -s /bin/sh nobody -c 'kvmfault vms' >/tmp/said 2>&1
eq "not root" "$?" 3
unshare -n kvmfault vms >/tmp/said 2>&1
eq "another network namespace" "$?" 4
