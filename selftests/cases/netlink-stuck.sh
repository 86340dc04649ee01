# SPDX-License-Identifier: GPL-2.0
# A stuck vCPU is told once while it is stuck, and can be asked for
# machines: amd intel
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

case $(kvm_vendor) in
kvm_intel)	other=ept_page_fault ;;
kvm_amd)	other=paging64_page_fault ;;
esac

kvmfault_load
guest --pages 31 > /dev/null
eq "nobody is stuck" "$(nltest dump stuck-get | grep -c ' kind=')" 0
eq "so long may a fault sleep" \
	"$(nltest do settings-get | value stuck-ms)" 1000
eq "so many may repeat" "$(nltest do settings-get | value stuck-repeats)" 64
check "half a second from now on" nltest do settings-set stuck-ms=500
eq "that is what it says" "$(nltest do settings-get | value stuck-ms)" 500
refused "too few repeats" ERANGE "8 to 32767" do settings-set stuck-repeats=7
refused "too many" ERANGE "" do settings-set stuck-repeats=32768

listen alert

guest_start --stuck
check "the vCPU waits" wait_until 30 guest_said stuck
check "it can be asked for" wait_until 20 stuck_dumps ' kind=asleep'
check "it is told" wait_until 20 told alert 'alert-ntf.* kind=asleep'
sleep 2
eq "once" "$(grep -c 'kind=asleep' $NL.alert)" 1
eq "which VM" "$(grep kind=asleep $NL.alert | value vm)" \
	"$(cell vms state=live vm)"
eq "which vCPU" "$(grep kind=asleep $NL.alert | value vcpu)" 0
eq "and where" "$(($(grep kind=asleep $NL.alert | value gpa)))" \
	"$(($(cell stuck how=asleep gpa)))"
ge "for how long" "$(grep kind=asleep $NL.alert | value duration-ns)" 500000000

# The end of its fault is seen by one probe, and by no other.
check "disable $other" switch_probe $other 0
sleep 1
eq "who sleeps in another function is stuck all the same" \
	"$(cell stuck vcpu=0 how)" asleep
check "disable the one that it sleeps in" switch_probe kvm_tdp_page_fault 0
check "its end will not be seen: it is forgotten" wait_until 10 nobody_stuck
for probe in $other kvm_tdp_page_fault; do
	check "enable $probe" switch_probe $probe 1
done
kill "$guest_job"
guest_wait

guest_start --thrash 250007
check "repeats are told" wait_until 30 told alert 'alert-ntf.* kind=repeats'
check "and can be asked for" wait_until 30 stuck_dumps ' kind=repeats'
ge "how many" "$(grep kind=repeats $NL.alert | value count)" 64
ne "by which instruction" "$(grep kind=repeats $NL.alert | value rip)" ""
# The page may be taken away just as KVM maps it.
check "what came of the last" grep -q -E 'kind=repeats.* outcome=(fixed|retry)' \
	$NL.alert
guest_stop
eq "of a VM that is gone nothing is left" \
	"$(nltest dump stuck-get | grep -c ' kind=')" 0

# Many in one VM: who gets on while a dump lasts, and was in it, hides nobody who is
# still to come.
all_stuck()
{
	[ "$(rows stuck)" -eq "$1" ]
}

guest_start --stuck --vcpus 60
check "all of them wait" wait_until 60 all_stuck 60
threads=$(grep -l '^stuck' /proc/[0-9]*/task/[0-9]*/comm | cut -d / -f 5 |
	sort -n | tail -n 5 | tr '\n' ' ')
# One by one: of two signals that meet one is lost.
cat > $NL.wake << 'EOF'
stuck=$1
shift
for thread; do
	lines=$(wc -l < $stuck)
	kill -TERM $thread
	for try in $(seq 100); do
		[ $(wc -l < $stuck) -eq $lines ] || break
		usleep 100000
	done
done
EOF
nltest -b 3776 -p "sh $NL.wake $KVMFAULT_DIR/stuck $threads" dump stuck-get > $NL
eq "five of them got on" "$(rows stuck)" 55
sed -n 's/.* vcpu=\([0-9]*\) .*/\1/p' $NL > $NL.told
eq "the others are in the dump" "$(pick stuck - vcpu | grep -vxF -f $NL.told)" ""
eq "each once, by number" "$(sort -n -u $NL.told | cmp - $NL.told)" ""
gt "in more than one part" "$(wc -l < $NL.told)" 45
kill -KILL "$guest_job"
guest_wait 2> /dev/null
check "with their VM they are gone" wait_until 30 nobody_stuck

# A VMM may have as many stuck as it likes: others are to be heard as well.
kill "$listener"
listen alert
MANY=211

all_asleep()
{
	[ "$(grep -c '^stuck ' $GUEST_LOG)" -eq $MANY ]
}

# From the first to the last of them, when were they told? In ms.
spread()
{
	awk '/ kind=asleep/ {
			for (i = 1; i <= NF; i++) {
				split($i, pair, "=")
				is[pair[1]] = pair[2]
			}
			at = is["start-ns"] + is["duration-ns"]
			if (!n++ || at < first)
				first = at
			if (at > last)
				last = at
		}
		END { printf "%.0f\n", (last - first) / 1e6 }' $NL.alert
}

check "ten minutes from now on" nltest do settings-set stuck-ms=600000
guest_start --stuck --vcpus $MANY
check "$MANY wait" wait_until 120 all_asleep
eq "for too short to be stuck" "$(rows stuck)" 0
check "and half a second" nltest do settings-set stuck-ms=500
check "all of them are told" wait_until 20 told alert ' kind=asleep' $MANY
ge "no more than a hundred in a second" "$(spread)" 900
kill -KILL "$guest_job"
guest_wait 2> /dev/null
check "they are gone, too" wait_until 30 nobody_stuck

# of_vm VM: an alert that one of its vCPUs is asleep.
of_vm()
{
	grep ' kind=asleep' $NL.alert | grep -q " vm=$1 "
}

# Nor do VMs that always have more to tell keep another one from it.
begin_anew()
{
	while [ -e $NL.anew ]; do
		nltest do settings-set stuck-ms=0
		sleep 0.3
		nltest do settings-set stuck-ms=500
		sleep 0.3
	done > /dev/null
}

guest_start --stuck --vcpus $MANY --parallel 2
check "twice as many are stuck" wait_until 120 all_stuck $((2 * MANY))
: > $NL.anew
begin_anew &
anew=$!
kvmfault-guest --stuck > $NL.guest < /dev/null &
other=$!
check "and one of another VM" wait_until 60 grep -q '^stuck' $NL.guest
check "who is told among them" wait_until 30 of_vm "$(cell vms "pid=$other" vm)"
rm -f $NL.anew
wait $anew
killall -KILL kvmfault-guest
wait "$other" 2> /dev/null
guest_wait 2> /dev/null
check "nobody is stuck now" wait_until 30 nobody_stuck
kill "$listener"

# Who is alone and too slow for what was told before is told when there is room.
room=$(cat /proc/sys/net/core/rmem_default)

# Until a listener that has little room, and does not read, has none.
fill_up()
{
	check "each fault is told" nltest do settings-set alert-ns=1 alert-interval-ms=1
	guest --pages 401 > /dev/null
	sleep 1
	check "and none" nltest do settings-set alert-ns=0
}

echo 4096 > /proc/sys/net/core/rmem_default
listen alert
echo "$room" > /proc/sys/net/core/rmem_default
kill -STOP "$listener"
fill_up
before=$(alerts_sent)
guest_start --stuck
check "a vCPU is stuck" wait_until 30 all_stuck 1
sleep 1
eq "there is no room to tell that" "$(alerts_sent)" "$before"
eq "so none is told" "$(grep -c ' kind=asleep' $NL.alert)" 0
kill -CONT "$listener"
check "with room it is" wait_until 20 told alert ' kind=asleep'
sleep 1
eq "once" "$(grep -c ' kind=asleep' $NL.alert)" 1
guest_stop
kill "$listener"

# Nor is who reads told again for one who does not, and wants senders to know.
echo 4096 > /proc/sys/net/core/rmem_default
nltest -e listen alert 300 > $NL.slow &
slow=$!
check "one listens" wait_until 30 grep -qs listening $NL.slow
echo "$room" > /proc/sys/net/core/rmem_default
kill -STOP $slow
listen alert
fill_up
guest_start --stuck
check "a vCPU is stuck" wait_until 30 all_stuck 1
check "it is told to who reads" wait_until 20 told alert ' kind=asleep'
sleep 2
eq "once" "$(grep -c ' kind=asleep' $NL.alert)" 1
guest_stop
kill -KILL $slow

# A VM with hundreds of vCPUs is not gone at once when it is killed.
kvm_is_unused()
{
	[ "$(awk -v name="$(kvm_vendor)" '$1 == name { print $3 }' /proc/modules)" -eq 0 ]
}

check "no VM is left" wait_until 60 kvm_is_unused
