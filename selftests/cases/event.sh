# SPDX-License-Identifier: GPL-2.0
# The trace event: every fault, with its addresses
# machines: intel amd

T=/sys/kernel/tracing

fields() { # CLASS: the lines of a class, as NAME=VALUE one a line after another
	grep "kvmfault_fault:.*class=$1 " /tmp/trace
}

# distinct FIELD: how many different values a field has in the lines on stdin
distinct()
{
	sed -n "s/.* $1=\([^ ]*\).*/\1/p" | sort -u | wc -l
}

kvmfault_load
echo 4096 > $T/buffer_size_kb
echo 1 > $T/events/kvmfault/kvmfault_fault/enable
guest_hold --pages 211 --mmio 29 --offset 4M
echo 0 > $T/events/kvmfault/kvmfault_fault/enable
cat $T/trace > /tmp/trace

for class in violation misconfig tdp; do
	eq "an event for each $class" "$(fields $class | wc -l)" \
		"$(expected $class)"
done
eq "their durations are those in the table" \
	"$(fields tdp | sed 's/.*duration_ns=//' | awk '{ s += $1 } END { printf "%.0f\n", s }')" \
	"$(cell latency vm=1,class=tdp sum_ns)"
eq "every page has its own address" \
	"$(fields tdp | grep ' access=write ' | distinct gpa)" \
	"$(fields tdp | grep -c ' access=write ')"

eq "no guest of the guest ran" "$(grep kvmfault_fault: /tmp/trace | grep -vc ' guest=L1$')" 0

note "$(fields violation | tail -n 1)"
note "$(fields tdp | tail -n 1)"

# The guest writes its pages one after another, from 4 MiB on.
first=$(fields tdp | grep -m 1 ' gpa=400[0-9a-f]\{3\} ')
last=$(fields tdp | grep -m 1 ' gpa=4d2[0-9a-f]\{3\} ')
ne "the first page" "$first" ""
ne "the last page" "$last" ""
case $first in
*" slot=0 "*"access=write cause=absent outcome=fixed level="*)
	ok "the first page is a first write in memslot 0" ;;
*)	not_ok "the first page is a first write in memslot 0" "$first" ;;
esac

hva()
{
	echo $((0x$(echo "$1" | sed 's/.* hva=\([^ ]*\) .*/\1/')))
}
eq "their host addresses are as far apart" \
	"$(($(hva "$last") - $(hva "$first")))" "$((210 * 4096))"

case $(kvm_vendor) in
kvm_intel)
	eq "every page has its own guest-virtual address, too" \
		"$(fields violation | grep ' gpa=4[0-9a-f]\{5\} ' | distinct gva)" 211
	ge "MMIO has an address, too" \
		"$(fields misconfig | grep -cv 'gpa=ffffffffffffffff')" 28
	;;
esac
le "one instruction writes all pages, one does MMIO, and few others fault" \
	"$(fields violation | distinct rip)" 6
eq "MMIO is done by one instruction" "$(fields misconfig | distinct rip)" 1
guest_release

# Off again, it says nothing and the counts go on.
echo > $T/trace
guest --pages 7
eq "no event when it is off" "$(grep -c kvmfault_fault: $T/trace)" 0
