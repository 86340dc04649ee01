# SPDX-License-Identifier: GPL-2.0
# kvmfault faults --follow: a row for each fault, and none besides
# machines: intel amd
# programs: tools/kvmfault/build/kvmfault
# files: selftests/lab/follow.sh:/follow.sh

. /follow.sh

exits()
{
	echo $((expected_violation + expected_misconfig))
}

kvmfault_load
guest --pages 64 >/dev/null

# Each fault and each MMIO access of a guest, with all that is known of it.
follow
guest_hold --pages 211 --mmio 29 --offset 4M
follow_end INT
note "$(sed -n 1p $ROWS)"
note "$(grep -m 1 'Write$' $ROWS)"
note "$(tail -n 1 $ROWS)"
eq "a row for each exit" "$(column PID | lines "$(guest_pid)")" "$(exits)"
eq "and no other" "$(told shown)" "$(exits)"
eq "nothing is lost" "$(told lost)" 0
eq "MMIO is marked" "$(column ERROR_TYPE | lines 'Reserved(MMIO)')" \
	"$expected_misconfig"
eq "the first one, too" "$(column ERROR_TYPE | lines 'Write(MMIO)')" 1
eq "one is an instruction" "$(column ERROR_TYPE | lines Exec)" 1
for name in HVA PFN MEM_SLOTID ERROR_TYPE; do
	column $name >/tmp/follow.$name
done
eq "MMIO has no host's address, no frame and no slot" \
	"$(paste /tmp/follow.HVA /tmp/follow.PFN /tmp/follow.MEM_SLOTID \
		/tmp/follow.ERROR_TYPE | grep MMIO | cut -f 1-3 | sort | uniq -c |
	   tr -s '\t ' ' ')" " 29 - - -"
eq "pages have an address each" \
	"$(column GPA | grep '^4[0-9a-d][0-9a-f]\{4\}$' | sort -u | lines '.*000')" 211
eq "and a host's" "$(column HVA | grep -v -x -e - | sort -u | grep -c .)" \
	$((expected_violation - 1))
eq "all lie in memslot 0" "$(column MEM_SLOTID | lines 0)" \
	$((expected_violation - 1))
if [ "$(kvm_vendor)" = kvm_amd ] || [ "$(column GPA | lines -)" -eq 0 ]; then
	eq "MMIO is counted up" "$(column COUNT | sort -n | tail -n 1)" 29
fi
eq "other pages are not" "$(column COUNT | lines 1)" "$expected_violation"
eq "what they took is what the table says" \
	"$(column 'DELAY(us)' | awk '{ s += $1 * 1000 } END { printf "%.0f\n", s }')" \
	$(($(cell latency vm=2,class=violation sum_ns) +
	   $(cell latency vm=2,class=misconfig sum_ns)))
column 'TIME(ms)' >/tmp/follow.began
column 'DELAY(us)' >/tmp/follow.took
eq "they come in the order in which they ended" \
	"$(paste /tmp/follow.began /tmp/follow.took |
	   awk '{ end = $1 * 1000 + $2; if (end < last - 0.001) n++; last = end } END { print n + 0 }')" 0

# frame_of HVA: what the process's own page table says
frame_of()
{
	dd if="/proc/$(guest_pid)/pagemap" bs=8 count=1 skip=$((0x$1 >> 12)) \
		2>/dev/null | od -An -t x8 | sed 's/^ *[0-9a-f]\{4\}0*//'
}

# The last pages are not likely to have been moved since.
paste /tmp/follow.HVA /tmp/follow.PFN | grep -v -e - | tail -n 7 >/tmp/follow.frames
if [ -s /tmp/follow.frames ]; then
	while read -r hva pfn; do
		eq "frame $pfn is at $hva" "$pfn" "$(frame_of "$hva")"
	done </tmp/follow.frames
else
	skip "frames are right" "this kernel does not tell them"
fi
guest_release

# KVM keeps the first frame of a large page alone.
follow
guest_hold --scene huge-within --pages 512
follow_end INT
column HVA > /tmp/follow.HVA
column PFN > /tmp/follow.PFN
column GPA | paste - /tmp/follow.HVA /tmp/follow.PFN | grep '^205000' > /tmp/follow.within
read -r gpa hva pfn < /tmp/follow.within
eq "a page within a huge one" "$gpa" 205000
if [ "$pfn" != - ]; then
	eq "has the frame that is at $hva" "$pfn" "$(frame_of "$hva")"
else
	skip "within a huge page frames are right" "this kernel does not tell them"
fi
guest_release

# The MMU's part, again and again; beside somebody else who traces all.
echo 4096 >$T/buffer_size_kb
echo 1 >$T/$EVENT/enable
follow --class tdp
guest --pages 53 --rounds 3 --mmio 7 >/dev/null
expect_of --pages 53 --rounds 3 --mmio 7
follow_end TERM
echo 0 >$T/$EVENT/enable
eq "tdp: a row for each" "$(told shown)" "$expected_tdp"
eq "COUNT goes up" "$(column COUNT | sort | uniq -c | awk '{ printf "%s:%s ", $2, $1 }')" \
	"1:$((53 + 5)) 2:53 3:53 "
eq "who else traces has all of it" "$(grep -c kvmfault_fault: $T/trace)" \
	$(($(exits) + expected_tdp))
echo >$T/trace

# Only some.
follow --access exec
guest --pages 11 >/dev/null
follow_end TERM
eq "only instructions" "$(column ERROR_TYPE)" Exec
follow --min 400ms
grep -q 'duration_ns >= 400000000' "$instance/$EVENT/filter"
eq "the kernel filters" "$?" 0
guest --pages 11 --slow 5 --delay 450ms >/dev/null
follow_end TERM
eq "only what is slow" "$(told shown)" 5

# Two VMs that fault at the same addresses.
follow
guest --pages 31 --parallel 2 >/dev/null
expect_of --pages 31
follow_end TERM
eq "two VMs" "$(column VM | sort -u | grep -c .)" 2
for vm in $(column VM | sort -u); do
	eq "VM $vm has its own rows" "$(column VM | lines "$vm")" "$expected_violation"
done
eq "and counts of its own" "$(column COUNT | lines 1)" $((2 * expected_violation))

# While it does not look, its buffer is too small.
follow --buffer 8
kill -STOP $follower
guest --pages 1009 --mmio 101 >/dev/null
expect_of --pages 1009 --mmio 101
kill -CONT $follower
follow_end INT
gt "some are lost" "$(told lost)" 0
eq "rows and lost are all there were" $(($(told shown) + $(told lost))) "$(exits)"
eq "the rows are there" "$(column VM | grep -c .)" "$(told shown)"
