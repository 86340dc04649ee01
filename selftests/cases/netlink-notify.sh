# SPDX-License-Identifier: GPL-2.0
# Births, deaths with the last counts, and slow faults are told
# machines: intel amd
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

kvmfault_load
listen vm
vm_listener=$listener
expect_of --pages 111 --mmio 9
guest --pages 111 --mmio 9 --vms 3
wait_until 30 told vm vm-died 3
eq "three were born" "$(grep -c vm-born $NL.vm)" 3
eq "three died" "$(grep -c vm-died $NL.vm)" 3
eq "in order" "$(sed -n 's/^vm-\([a-z]*\)-ntf id=\([0-9]*\).*/\1\2/p' $NL.vm |
	tr '\n' ' ')" "born1 died1 born2 died2 born3 died3 "
for vm in 1 2 3; do
	for class in violation misconfig tdp; do
		eq "the last count of $class of VM $vm" \
			"$(grep "vm-died-ntf id=$vm " $NL.vm | total $class |
			value count)" "$(expected $class)"
	done
done
eq "a dead VM is gone" "$(grep vm-died $NL.vm | value state)" gone
eq "its comm is told" "$(grep vm-died $NL.vm | value comm)" kvmfault-guest
eq "all deaths add up to vm 0" \
	"$(nltest do vm-get id=0 | total tdp | value count)" \
	"$((3 * $(expected tdp)))"

# On a busy machine other faults are slow, too. The threshold is the edge of a
# bucket, so that the histogram has how many there were.
SLOW_NS=8388608
DELAY_NS=30000000

# slow CLASS: how many there have been until now
slow()
{
	awk -v class="$1" -v slow=$SLOW_NS '
		$2 == class && $3 >= slow { n += $5 }
		END { print n + 0 }' "$KVMFAULT_DIR/histogram"
}

# alerts CLASS NS GPA: how many faults were told, so slow at least and no lower
alerts()
{
	sed -n "s/.* class=$1 gpa=\([0-9]*\) .* duration-ns=\([0-9]*\) count=\([0-9]*\).*/\1 \2 \3/p" \
		$NL.alert | awk -v ns="$2" -v gpa="$3" '
			$1 >= gpa && $2 >= ns { n += $3 }
			END { print n + 0 }'
}

# Who listens writes down later what the kernel has sent.
all_written()
{
	[ "$(grep -c alert-ntf $NL.alert)" -ge "$(alerts_sent)" ]
}

all_told()
{
	[ "$(alerts "$1" 0 0)" -ge $(($(slow "$1") - $2)) ]
}

before_violation=$(slow violation) before_tdp=$(slow tdp)
check "alerts from 8 ms on" nltest do settings-set alert-ns=$SLOW_NS \
	alert-interval-ms=1
listen alert
guest --pages 50 --slow 4 --delay 30ms
for class in violation tdp; do
	eval before=\$before_$class
	wait_until 10 all_told $class $before
	eq "all slow faults of $class are told" "$(alerts $class 0 0)" \
		"$(($(slow $class) - before))"
	ge "the four that were delayed, with where and how long: $class" \
		"$(alerts $class $DELAY_NS 2097152)" 4
done
eq "alert: vm" "$(grep alert-ntf $NL.alert | value vm)" 4
eq "alert: vcpu" "$(grep alert-ntf $NL.alert | value vcpu)" 0

before=$(grep -c alert-ntf $NL.alert)
check "every fault is too slow now" nltest do settings-set alert-ns=1 \
	alert-interval-ms=200
begun=$(lab_seconds)
guest --pages 3000
sleep 1
check "and is told" wait_until 10 all_written
lasted=$(($(lab_seconds) - begun + 1))
came=$(($(grep -c alert-ntf $NL.alert) - before))
note "$came alerts for 6000 faults in $lasted s"
for class in violation tdp; do
	le "a storm of alerts of $class is put together" \
		"$(tail -n +$((before + 2)) $NL.alert | grep -c " class=$class ")" \
		$((lasted * 1000 / 200 + 1))
done
ge "each fault is told or dropped, and counted" \
	"$(tail -n +$((before + 2)) $NL.alert | tr ' ' '\n' |
	sed -n 's/^\(count\|dropped\)=//p' | awk '{ n += $1 } END { print n }')" \
	5000
gt "what was dropped is shown" \
	"$(nltest do info-get | tr '{' '\n' | grep "name='alert'" |
	value dropped)" 0

# Who waits for a long interval waits for the next one that is chosen. It begins with
# the last alert, which may have been long ago on a slow machine.
guest --pages 10
nltest do settings-set alert-interval-ms=30000
sleep 1
sent=$(alerts_sent)
guest --pages 10
sleep 1
eq "the next alert waits" "$(alerts_sent)" "$sent"
nltest do settings-set alert-interval-ms=200
check "until it need not" wait_until 5 told alert alert-ntf $((sent + 1))

check "none is" nltest do settings-set alert-ns=0
sleep 0.5
sent=$(alerts_sent)
guest --pages 10 --slow 2 --delay 30ms
sleep 0.5
eq "off is off" "$(alerts_sent)" "$sent"

check "rmmod with listeners" kvmfault_unload
check "and again" kvmfault_load
kill "$listener" "$vm_listener"
