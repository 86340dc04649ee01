# SPDX-License-Identifier: GPL-2.0
# kvmfault faults --follow: how it ends, and what it says when it cannot begin.
# Nothing of that depends on the CPU; and guests that never rest take Bochs long.
# machines: amd
# programs: tools/kvmfault/build/kvmfault
# files: selftests/lab/follow.sh:/follow.sh

. /follow.sh

two_live()
{
	[ "$(pick vms state=live vm | grep -c .)" -ge 2 ]
}

kvmfault_load

# So many rows, of one of two VMs.
guest_start --pages 31 --rounds 1000000 --parallel 2
wait_until 30 two_live
vm=$(pick vms state=live vm | grep -v -x 0 | tail -n 1)
follow --vm "$vm" --count 101
follow_ended "a number of rows"
guest_stop
eq "of one VM" "$(column VM | lines "$vm")" 101
eq "and so many" "$(told shown)" 101

# Whatever ends it, its instance goes.
follow
kill -KILL $follower
wait $follower
check "who is killed leaves an instance" [ -e "$instance" ]
left=$instance
follow --duration 0.5
check_fails "the next one removes it" [ -e "$left" ]
follow_ended "some time"
# It waits for who looks on, though not for long.
follow
exec 8<"$instance/$EVENT/enable"
kill -INT $follower
sleep 0.5
exec 8<&-
follow_ended "SIGINT, while somebody looks on"
guest_start --pages 31 --rounds 1000000
{ kvmfault faults --follow 2>$END 9>&- & echo $! >/tmp/follower; wait $!; } | head -n 5 >$ROWS
check_fails "a reader who goes ends it" [ -e "$T/instances/kvmfault-$(cat /tmp/follower)" ]
guest_stop

# What may be missing.
unshare -m sh -c 'umount -l /sys/kernel/tracing; umount -l /sys/kernel/debug/tracing;
	umount -l /sys/kernel/debug; kvmfault faults --follow' >$ROWS 2>$END
eq "no tracefs: exit status" "$?" 1
matches "no tracefs: a sentence" $END "there is no tracefs: try mount"
follow
kvmfault_unload
eq "the module can go meanwhile" "$?" 0
wait $follower
eq "which ends it" "$?" 4
matches "with a sentence" $END "the kvmfault module was unloaded"
check_fails "and its instance is gone" [ -e "$instance" ]
kvmfault faults --follow >$ROWS 2>$END
eq "no module: exit status" "$?" 4
matches "no module: a sentence" $END "module is not loaded"
