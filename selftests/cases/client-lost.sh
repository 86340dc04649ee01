# SPDX-License-Identifier: GPL-2.0
# A monitor that is too slow for what it hears, and one whose module goes: what is lost
# is said, and made up for
# machines: amd
# programs: tools/kvmfault/build/kvmfault

HEARD=/tmp/heard
PIPE=/tmp/pipe

# told EVENT VM: heard, or found out
told()
{
	grep -q "\"event\":\"${1}[a-z ]*\",\"vm\":$2," $HEARD
}

kvmfault_load
mkfifo $PIPE
kvmfault monitor vm -j > $PIPE &
monitor=$!
exec 8< $PIPE
check "it listens" wait_until 30 listens 0

# More than there is room for, and then a pipe that has no room but for a few lines:
# what comes while the rest is told is dropped without a word.
head -c 61440 /dev/zero | tr '\0' '\n' > $PIPE
kill -STOP $monitor
guest --pages 3 --parallel 4 --vms 150 > /dev/null
kill -CONT $monitor
sleep 2
guest_hold --pages 3
cat <&8 > $HEARD 8<&- 9>&- &
exec 8<&-
check "who was born while it told what it had heard is found" \
	wait_until 20 told born 601
check "it says that some are lost" grep -q '"event":"lost"' $HEARD
gt "there were many" "$(grep -c '"event":"born"' $HEARD)" 20
guest_release
check "then it hears again" wait_until 20 told died 601
for event in born died; do
	eq "nobody has $event twice" "$(grep -o "\"event\":\"${event}[a-z ]*\",\"vm\":[0-9]*" \
		$HEARD | grep -o '[0-9]*$' | sort | uniq -d | xargs)" ""
done

kvmfault_unload
check "it ends with the module" wait_until 20 eval '! kill -0 $monitor 2> /dev/null'
kill $monitor 2> /dev/null
wait $monitor
eq "and says so" "$?" 4
