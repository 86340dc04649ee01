# SPDX-License-Identifier: GPL-2.0
# vCPUs that fault for the first time and changes of memory slots are told, each once
# machines: intel amd
# memory: 1024
# files: selftests/netlink/nltest
# programs: tools/kvmfault/build/kvmfault

HEARD=/tmp/heard.setup

heard()
{
	grep -c "$1" $HEARD
}

heard_all()
{
	[ "$(heard "$1")" -ge "$2" ]
}

kvmfault_load
nltest listen setup 600 > $HEARD &
listener=$!
check "somebody listens" wait_until 30 grep -qs listening $HEARD
guest_hold --pages 4 --vcpus 3
check "three vCPUs are told" wait_until 30 heard_all vcpu-born 3
eq "which" "$(sed -n 's/^vcpu-born-ntf vm=1 vcpu=//p' $HEARD | sort | tr '\n' ' ')" \
	"0 1 2 "
guest_release
eq "slots that came before the VM was born are not told" "$(heard memslot)" 0

guest --scene slot --pages 20
check "slots that are deleted are told" wait_until 30 heard_all change=deleted 20
check "and those that are added" wait_until 30 heard_all change=created 20
eq "each once: deleted" "$(heard 'change=deleted vm=2 ')" 20
eq "each once: added" "$(heard 'change=created vm=2 ')" 20
eq "of the slot of the pages, at its place" \
	"$(grep memslot $HEARD | grep -o ' slot=[0-9]* gpa=[0-9]*' | sort -u)" \
	" slot=1 gpa=2097152"
eq "as the last of them was" "$(grep memslot $HEARD | tail -n 1 |
	grep -o 'change=[a-z]*')" "change=created"

guest --scene dirty --pages 3
check "a slot whose pages are logged is told" \
	wait_until 30 heard_all "change=flags.*dirty-log=1" 1
eq "once" "$(heard 'change=flags vm=3 .*dirty-log=1')" 1
eq "one vCPU each" "$(heard 'vcpu-born-ntf vm=[23] ')" 2

guest --scene slot-moves --pages 7
check "slots that are moved are told" wait_until 30 heard_all change=moved 14
eq "each once" "$(heard 'change=moved vm=4 ')" 14
eq "where they are then" "$(grep change=moved $HEARD | grep -o ' gpa=[0-9]*' |
	uniq -c | awk '{ print $1, $2 }' | sort | uniq -c | tr -s ' \n' ' ')" \
	" 7 1 gpa=2097152 7 1 gpa=4194304 "

# Who changes slots as fast as he can does not have them told as fast. Nothing of this is
# the vendor's, and the Intel machine is slow.
next_vm=5
if [ "$(kvm_vendor)" != kvm_intel ]; then
	begun=$(lab_seconds)
	if settled=$(settlings guest --scene slot --pages 700); then
		lasted=$(($(lab_seconds) - begun + 1))
		note "settled $settled times in $lasted s for 1400 changes"
		gt "changes are told" "$settled" 0
		le "and together" "$settled" $((lasted * 150))
		next_vm=6
	else
		skip "changes are told together" "this kernel does not trace workqueues"
	fi
fi

# The client says the same.
before=$(listeners)
timeout 120 kvmfault monitor setup -c 3 > /tmp/said &
monitor=$!
check "a client listens, too" wait_until 30 listens "$before"
guest --scene slot --pages 1
wait $monitor
eq "client: a vCPU" "$(head -n 1 /tmp/said)" "vm $next_vm vcpu 0 born"
eq "client: slots" "$(tail -n +2 /tmp/said |
	sed 's/hva 0x[0-9a-f]*/hva/' | tr '\n' '|')" \
	"vm $next_vm memslot 1 of 0 deleted: gpa 0x200000 hva 512 pages -|vm $next_vm memslot 1 of 0 created: gpa 0x200000 hva 512 pages -|"

# What is seen is shown; and with KVM the probe comes and goes.
ge "the probe was hit" \
	"$(cell probes probe=kvm_arch_commit_memory_region hits)" 50
eq "no notification was dropped" "$(nltest do info-get |
	sed 's/.*group={ name=.setup. sent=[0-9]* dropped=\([0-9]*\).*/\1/')" 0
kill $listener
wait $listener 2>/dev/null
check "KVM unloads" kvm_unload
eq "the probe waits" "$(cell probes probe=kvm_arch_commit_memory_region state)" \
	waiting
check "KVM loads" kvm_load
eq "the probe is back" "$(cell probes probe=kvm_arch_commit_memory_region state)" \
	armed
