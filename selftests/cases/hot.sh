# SPDX-License-Identifier: GPL-2.0
# The addresses that fault most, against known counts
# machines: intel amd
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

HEADER="vm rank gpa size access count error rip"
PARAMETER=/sys/module/kvmfault/parameters/hot

content()
{
	cat $KVMFAULT_DIR/hot
}

# broken_promises MAP: each row is of an address whose true count is in MAP, lines of GPA
# ACCESS COUNT, and holds what it promises; prints those that do not.
broken_promises()
{
	awk -v vm=$vm '
		FNR == NR { true_count[$1 " " $2] = $3; all += $3; next }
		$1 == "vm" || $1 != vm { next }
		{
			is = true_count[$3 " " $5]
			if ($6 - $7 > is || $6 < is || $7 > all / 64)
				print
			seen[$3 " " $5] = 1
		}
		END {
			for (key in true_count)
				if (true_count[key] > all / 64 && !(key in seen))
					print key, true_count[key], "is not there"
		}' "$1" $KVMFAULT_DIR/hot
}

# A line for each page of the guest: its address, access and count.
pages() # FIRST HOW-MANY COUNT
{
	awk -v first="$(($1))" -v pages="$2" -v count="$3" 'BEGIN {
		for (i = 0; i < pages; i++)
			printf "0x%x write %d\n", first + i * 4096, count
	}'
}

begin()
{
	vm=$((vm + 1))
	guest_hold --map "$@"
}

reset_counts()
{
	nltest do reset > /dev/null
}

vm=0
kvmfault_load
guest --pages 64 > /dev/null
vm=1

eq "off, it is empty" "$(content)" "$HEADER"
matches "summary says how to switch it on" $KVMFAULT_DIR/summary \
	"hot is off.*/sys/module/kvmfault/parameters"
eq "its parameter says N" "$(cat $PARAMETER)" N
echo Y > $PARAMETER
eq "its parameter says Y" "$(cat $PARAMETER)" Y
matches "summary says that it is on" $KVMFAULT_DIR/summary "hot is on"
matches "and what it takes" $KVMFAULT_DIR/summary "^memory .*, hot "
eq "on, it is empty, too" "$(content)" "$HEADER"

# 53 pages, 7 times each, one MMIO address: few enough to be exact.
begin --pages 53 --rounds 7 --mmio 101 --offset 4M
first=$(guest_mapped pages)
mmio=$(guest_mapped mmio)
eq "the hottest is the MMIO address" "$(cell hot vm=$vm,rank=1 gpa)" "$mmio"
eq "with all its misconfigurations" "$(cell hot vm=$vm,rank=1 count)" \
	$((7 * 101 - 1))
eq "of which nobody says what was wanted" "$(cell hot vm=$vm,rank=1 access)" -
eq "its violation is another row" \
	"$(cell hot vm=$vm,gpa=$mmio,access=write count)" 1
pages "$first" 53 7 > /tmp/wanted
pick hot vm=$vm,count=7 gpa | sort > /tmp/found
eq "each page is there" "$(cut -d ' ' -f 1 /tmp/wanted | sort | cmp - /tmp/found)" ""
eq "as written" "$(pick hot vm=$vm,count=7 access | sort -u)" write
eq "as 4K" "$(pick hot vm=$vm size | sort -u)" 4K
eq "one instruction writes them all" "$(pick hot vm=$vm,count=7 rip | sort -u | wc -l)" 1
ne "another does MMIO" "$(cell hot vm=$vm,rank=1 rip)" "$(cell hot vm=$vm,rank=2 rip)"
eq "there is no error" "$(pick hot vm=$vm error | sort -u)" 0
eq "ranks are in order" "$(pick hot vm=$vm rank | tr '\n' ' ')" \
	"$(seq 1 "$(pick hot vm=$vm rank | wc -l)" | tr '\n' ' ')"
eq "counts add up to violations and misconfigurations" "$(sum hot vm=$vm count)" \
	"$(($(expected violation) + $(expected misconfig)))"
eq "netlink says the same" \
	"$(nltest dump hot-get vm=$vm | grep -o ' count=[0-9]*' | cut -d = -f 2)" \
	"$(pick hot vm=$vm count)"

# Another VM with the same addresses, at the same time.
kvmfault-guest --pages 31 --rounds 11 --offset 4M --hold </dev/null >/tmp/second &
second=$!
check "a second VM" wait_until 60 grep -q '^hold ' /tmp/second
eq "it has its own count" "$(cell hot vm=$((vm + 1)),gpa=$first count)" 11
eq "the first has kept its own" "$(cell hot vm=$vm,gpa=$first count)" 7
eq "netlink tells them apart" \
	"$(nltest dump hot-get vm=$((vm + 1)) | grep -c " count=11 ")" 31
kill $second
wait $second
eq "with it its rows are gone" "$(pick hot vm=$((vm + 1)) rank)" ""
guest_release
vm=$((vm + 1))
eq "and so with the first" "$(content)" "$HEADER"

# Three 2 MiB mappings, each made three times.
begin --pages 1536 --rounds 3 --huge
if grep -q 'plain arguments' $KVMFAULT_DIR/summary; then
	skip "huge pages are counted whole" "nobody says what was mapped"
else
	eq "huge pages are counted whole" "$(pick hot vm=$vm,size=2M,count=3 gpa | wc -l)" 3
	eq "from where they begin" "$(cell hot vm=$vm,rank=1 gpa)" "$(guest_mapped pages)"
fi
guest_release

# One page again and again.
begin --scene thrash --pages 97
eq "one page has all but those of the system" "$(cell hot vm=$vm,rank=1 count)" \
	$(($(cell vms vm=$vm violation) - 4))
guest_release

# More addresses than there is room for.
begin --pages 997 --rounds 3 --mmio 211 --offset 4M
{
	pages "$(guest_mapped pages)" 997 3
	echo "$(guest_mapped mmio) write 1"
	echo "$(guest_mapped mmio) - $((3 * 211 - 1))"
	echo "$(guest_mapped code) exec 1"
	for table in pml4 pdpt pd; do
		echo "$(guest_mapped $table) $(page_walk) 1"
	done
} > /tmp/true
ne "there is an error" "$(cell hot vm=$vm,rank=2 error)" 0
eq "count - error <= true <= count" "$(broken_promises /tmp/true)" ""
eq "the hottest is found all the same" "$(cell hot vm=$vm,rank=1 gpa)" "$(guest_mapped mmio)"
le "the file ends" "$(rows hot)" 128

reset_counts
eq "after a reset nothing is shown" "$(content)" "$HEADER"
guest_release

dmesg -c > /dev/null
check_fails "what is neither yes nor no is refused" \
	sh -c "echo maybe 2>/dev/null > $PARAMETER"
eq "with a sentence" "$(dmesg | grep -c 'hot=maybe.* it takes Y or N')" 1
echo 0 > $PARAMETER
eq "off again, it is empty" "$(content)" "$HEADER"
begin --pages 7
echo 1 > $PARAMETER
eq "what was before is not known" "$(content)" "$HEADER"
guest_release

# An open file holds nothing.
exec 8<$KVMFAULT_DIR/hot
check "rmmod while the file is open" kvmfault_unload
cat <&8 > /tmp/late 2>/dev/null
eq "then there is nothing to read" "$(cat /tmp/late)" ""
exec 8<&-

# More VMs than slots: what a CPU held is folded away. When they take turns faster
# than that, faults are missed, by VMs as by their addresses.
kvmfault_load hot slots=4
eq "on from the start" "$(cat $PARAMETER)" Y
guest_hold --parallel 7 --pages 31 --rounds 5
guest_settled 7
for vm in 1 2 3 4 5 6 7; do
	[ "$(sum probes - missed)" -gt 0 ] ||
		eq "vm $vm: each page" \
			"$(pick hot vm=$vm,count=5,access=write,error=0 gpa | wc -l)" 31
	eq "vm $vm: all faults" "$(sum hot vm=$vm count)" \
		"$(cell vms vm=$vm violation)"
done
eq "and what is missed makes it all" "$(($(sum hot - count) + $(missed_of violation)))" \
	$((7 * $(expected violation)))
reset_counts
eq "a reset forgets what was folded away, too" "$(content)" "$HEADER"
guest_release
