# SPDX-License-Identifier: GPL-2.0
# Ten thousand rows through a buffer of 4 KiB, while VMs come and go
# machines: amd
# memory: 3072
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

VMS=250

# numbers: what nltest printed, without names: a line for each row.
buckets()
{
	awk '
		/^histogram-get/ {
			split($2, vm, "=")
			split($3, class, "=")
			gsub(/.*class=[a-z]* bucket=/, "")
			nr = split($0, bucket, " bucket=")
			for (i = 1; i <= nr; i++) {
				gsub(/[{}a-z=-]/, "", bucket[i])
				split(bucket[i], n, " ")
				print vm[2], class[2], n[1], n[2], n[3]
			}
		}' "$@"
}

# switched DUMP SETTING: on, and to be switched off while the dump lasts
switched()
{
	nltest do settings-set $2=1
	nltest -b 3776 -p "nltest do settings-set $2=1" dump $1 > $NL
	eq "$1: switched to what it is, nothing is told" \
		"$(tail -n 1 $NL | grep -c interrupted)" 0
	nltest -b 3776 -p "nltest do settings-set $2=0" dump $1 > $NL
	eq "$1: switched off while it lasts is told" "$(tail -n 1 $NL)" \
		interrupted
}

# Settling hardly gets a turn while so many are born, least of all on a kernel that
# checks itself: each has a slot, or some that fault only once would not be there.
kvmfault_load slots=256
expect_of --pages 300 --mmio 60
guest_start --pages 300 --mmio 60 --parallel "$VMS" --hold
guest_settled "$VMS"

nltest -b 4096 dump histogram-get > $NL
eq "the dump came to its end" "$?" 0
check "it was not interrupted" test "$(tail -n 1 $NL)" != interrupted
buckets $NL > $NL.rows
tail -n +2 $KVMFAULT_DIR/histogram > $NL.debugfs
note "$(wc -l < $NL.rows) buckets of $VMS VMs in $(wc -l < $NL) messages"
check "every bucket is there, once, in order" cmp -s $NL.rows $NL.debugfs
ge "rows of all dumps" "$(($(wc -l < $NL.rows) +
	$(nltest -b 4096 dump latency-get | wc -l) +
	$(nltest -b 4096 dump vm-get | wc -l)))" 10000

nltest -b 4096 dump latency-get > $NL
eq "latency: every row" "$(wc -l < $NL)" "$((3 * VMS + 3))"
eq "latency: each VM once" "$(sed 's/.* vm=\([0-9]*\).*/\1/' $NL | uniq -c |
	awk '$1 != 3' | wc -l)" 0
for class in violation misconfig tdp; do
	eq "latency: $class of all VMs" \
		"$(grep class=$class $NL | sed 's/.* count=\([0-9]*\).*/\1/' |
		awk '{ n += $1 } END { print n }')" "$(sum vms - $class)"
done
le "no fault is counted twice" "$(sum vms - tdp)" \
	"$((VMS * $(expected tdp)))"
eq "what is not counted is missed" "$(($(sum vms - tdp) +
	$(cell probes probe=kvm_tdp_page_fault missed)))" \
	"$((VMS * $(expected tdp)))"
eq "vcpus: every one" "$(nltest -b 4096 dump vcpu-get | wc -l)" "$VMS"
eq "vms: every one" "$(nltest -b 4096 dump vm-get | wc -l)" "$((VMS + 1))"

nltest -b 4096 -p "kvmfault-guest --pages 1" dump vm-get > $NL
eq "a birth while a dump lasts is told" "$(tail -n 1 $NL)" interrupted
eq "and all that lived all the time are there" \
	"$(grep -c '^vm-get' $NL)" "$((VMS + 1))"
kvmfault-guest --pages 3 --vcpus 61 --hold < /dev/null > $NL.guest &
check "a VM has many slots" wait_until 60 grep -q '^hold ' $NL.guest
vm=$(cell vms "pid=$!" vm)
nltest -b 4096 -p "kvmfault-guest --pages 1" dump memslot-get "vm=$vm" > $NL
eq "of one VM all is told in parts" "$(grep -c '^memslot-get' $NL)" \
	"$(cell setup "vm=$vm" memslots)"
eq "and another's birth does not matter" "$(grep -c interrupted $NL)" 0
nltest -b 4096 -p "kill -9 $!; sleep 1" dump memslot-get "vm=$vm" > $NL
eq "its own death does" "$(grep -c interrupted $NL)" 1
wait $! 2> /dev/null
nltest -b 4096 -p "nltest do reset" dump histogram-get > $NL
eq "a reset while a dump lasts is told" "$(tail -n 1 $NL)" interrupted

# What is switched brings and takes rows: those of its probes, and its own. Probes
# make more than one part only where that is as small as the kernel makes one.
nltest do settings-set stages=1 hot=1
kvmfault-guest --pages 300 --hold < /dev/null > $NL.guest &
check "a VM has hot addresses" wait_until 60 grep -q '^hold ' $NL.guest
switched probe-get stages
switched stage-get stages
switched hot-get hot
kill $!
wait $!

# Nor does what goes on meanwhile to those who are only read interrupt it.
eq "nobody else is told" "$(nltest -b 4096 dump vm-get | tail -n 1 |
	grep -c interrupted)" 0
guest_release
