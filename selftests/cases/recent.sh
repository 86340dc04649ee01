# SPDX-License-Identifier: GPL-2.0
# The last faults, of a guest that writes a few pages
# machines: intel amd
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

HEADER="time_ns vm vcpu class gpa access cause outcome level duration_ns gva rip hva pfn slot cpu pid guest comm"
PARAMETER=/sys/module/kvmfault/parameters/recent

content()
{
	cat $KVMFAULT_DIR/recent
}

# gpas CLASS: of those that were written, in the order of the file
written()
{
	pick recent vm=$vm,class="$1",access=write gpa
}

# The pages that the guest writes, in its order.
pages() # FIRST HOW-MANY
{
	awk -v first="$(($1))" -v pages="$2" 'BEGIN {
		for (i = 0; i < pages; i++)
			printf "0x%x\n", first + i * 4096
	}'
}

vm=0
kvmfault_load
guest --pages 64 > /dev/null

eq "off, it is empty" "$(content)" "$HEADER"
matches "summary says how to switch it on" $KVMFAULT_DIR/summary \
	"recent is off.*/sys/module/kvmfault/parameters"
echo on > $PARAMETER
eq "its parameter says Y" "$(cat $PARAMETER)" Y
matches "summary says what it takes" $KVMFAULT_DIR/summary "^memory .*, recent "
eq "on, it is empty, too" "$(content)" "$HEADER"

vm=2
guest_hold --map --pages 5 --mmio 3 --offset 4M --name few
for class in violation misconfig tdp; do
	eq "each $class is there" "$(pick recent vm=$vm,class=$class gpa | wc -l)" \
		"$(expected $class)"
	eq "durations of $class" "$(sum recent vm=$vm,class=$class duration_ns)" \
		"$(cell latency vm=$vm,class=$class sum_ns)"
done
eq "nothing else is" "$(rows recent)" \
	"$(($(expected violation) + $(expected misconfig) + $(expected tdp)))"
ordered "in the order of time" $(pick recent - time_ns)

{ pages "$(guest_mapped pages)" 5; guest_mapped mmio; } > /tmp/wanted
for class in violation tdp; do
	written $class | tail -n 6 > /tmp/found
	eq "the pages in their order, by $class" "$(cmp /tmp/wanted /tmp/found)" ""
done
first=$(guest_mapped pages)
row=vm=$vm,gpa=$first
eq "class of a first write" "$(pick recent "$row" class | tr '\n' ' ')" \
	"violation tdp "
eq "its cause" "$(pick recent "$row" cause | sort -u)" absent
eq "its outcome" "$(pick recent "$row" outcome | tr '\n' ' ')" "resumed fixed "
eq "its memslot" "$(pick recent "$row" slot | sort -u)" 0
eq "its vCPU" "$(pick recent "$row" vcpu | sort -u)" 0
eq "its process" "$(pick recent "$row" pid | sort -u)" "$(guest_pid)"
eq "no guest of the guest ran" "$(pick recent vm=$vm guest | sort -u)" L1
eq "one instruction did it" "$(pick recent "$row" rip | sort -u | wc -l)" 1
ne "which is known" "$(cell recent "$row" rip)" -
eq "host addresses are as far apart" \
	"$(($(cell recent vm=$vm,gpa="$(pages "$first" 5 | tail -n 1)" hva) -
	    $(cell recent "$row" hva)))" $((4 * 4096))
eq "MMIO goes to the VMM" \
	"$(pick recent vm=$vm,gpa="$(guest_mapped mmio)",outcome=userspace class | sort | uniq -c |
		awk '{ print $2 "=" $1 }' | tr '\n' ' ')" "misconfig=2 violation=1 "
eq "where there is no memory" "$(pick recent vm=$vm,class=misconfig hva | sort -u)" -
if [ "$(kvm_vendor)" = kvm_intel ]; then
	ne "the CPU says what the guest accessed" "$(cell recent "$row" gva)" -
fi
eq "netlink says the same" \
	"$(nltest dump recent-get vm=$vm | grep -o ' time-ns=[0-9]*' | cut -d = -f 2)" \
	"$(pick recent vm=$vm time_ns)"
eq "and who ran" "$(nltest dump recent-get vm=$vm | grep -c ' guest=l1')" \
	"$(pick recent vm=$vm,guest=L1 time_ns | wc -l)"
eq "of one VM" "$(nltest dump recent-get vm=77 | grep -c time-ns=)" 0
guest_release
eq "they outlive their VM" "$(pick recent vm=$vm,class=misconfig vm | wc -l)" 2

# The oldest make room.
vm=3
guest_hold --map --pages 211
eq "64 for a CPU" "$(rows recent)" 64
eq "all are of the last VM" "$(pick recent - vm | sort -u)" $vm
pages "$(guest_mapped pages)" 211 | tail -n 32 > /tmp/wanted
written tdp > /tmp/found
eq "and the last" "$(cmp /tmp/wanted /tmp/found)" ""
ordered "in the order of time, still" $(pick recent - time_ns)

nltest do reset > /dev/null
eq "after a reset nothing is shown" "$(content)" "$HEADER"
guest_release
guest --pages 1
eq "but what comes then" "$(pick recent vm=4,class=tdp gpa | wc -l)" 5

# An exit that is not seen to end is not the one that later calls are part of.
exit_probe=$(probe_of violation)
vm=5
guest_start --pages 9 --slow 1 --delay "$((5 * ${KVMFAULT_SLOW:-1}))s" --rounds 2 --hold
check "a fault is asleep" wait_until 30 guest_asleep
nltest do probe-set name=$exit_probe enabled=0
guest_settled
gt "calls are seen after it" "$(pick recent vm=$vm,class=tdp gpa | wc -l)" 9
# The first ones were before.
nltest do probe-set name=$exit_probe enabled=1
eq "their instruction is not known" "$(pick recent vm=$vm,class=tdp rip |
	tail -n 9 | sort -u)" -
guest_release

echo off > $PARAMETER
eq "off again, it is empty" "$(content)" "$HEADER"
guest --pages 7
echo Y > $PARAMETER
eq "what was meanwhile is not known" "$(content)" "$HEADER"
guest --pages 7
exec 8<$KVMFAULT_DIR/recent
check "rmmod while the file is open" kvmfault_unload
cat <&8 > /tmp/late 2>/dev/null
eq "then there is nothing to read" "$(cat /tmp/late)" ""
exec 8<&-
