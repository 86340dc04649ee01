# SPDX-License-Identifier: GPL-2.0
# Nobody gets in: no kernel address leaves, and those who may not see see nothing
# machines: intel amd
# files: selftests/netlink/nltest selftests/lab/users.sh:/users.sh
# programs: setpriv
. /users.sh

DEBUGFS=${KVMFAULT_DIR%/*}
PARAMETERS=/sys/module/kvmfault/parameters

# What guards a group: the kernel cannot always choose.
case $(uname -r) in
5.10.*)	guard=+sys_admin other=+net_admin ;;
*)	guard=+net_admin other=+sys_admin ;;
esac

# listen FILE COMMAND...: what is told to it, until listeners_stop
listen()
{
	local file=$1

	shift
	"$@" > "$file" &
	listeners="$listeners $!"
	wait_until 30 test -s "$file"
}

listeners_stop()
{
	kill $(pidof nltest)
	wait $listeners
}

# Whoever joins the numbers that the groups will have, before they have them.
as_user "exec nltest overhear 600" > /tmp/overheard &
listeners=$!
wait_until 30 grep -qs listening /tmp/overheard

# Let the kernel show what it would hide, and ask for all there is.
echo 0 > /proc/sys/kernel/kptr_restrict
echo 0 > /proc/sys/kernel/dmesg_restrict
kvmfault_load
nltest do settings-set alert-ns=1 alert-interval-ms=1 > /dev/null
nltest do settings-set recent=1 hot=1 stages=1 stuck-ms=100 > /dev/null
echo 1 > /sys/kernel/tracing/events/kvmfault/enable
groups=$(nltest do info-get | grep -o "group={ name='[a-z]*" | cut -d "'" -f 2)
eq "all groups" "$(echo $groups)" "vm alert setup"
for group in $groups; do
	listen /tmp/out.listen-$group nltest listen $group 600
done
there="exec nltest -N listen setup 600"
listen /tmp/out.listen-there as_root_with +sys_admin,+net_admin,+net_broadcast "$there"
listen /tmp/there.root as_root_with +sys_admin,+net_admin "$there"
listen /tmp/there.contained as_contained "$there"
kvmfault-guest --stuck > /tmp/stuck < /dev/null &
stuck=$!
guest_hold --pages 40 --mmio 8 --vcpus 2
check "who is stuck is told" wait_until 20 grep -q kind=asleep /tmp/out.listen-alert
guest --scene slot --pages 1 > /dev/null
check "a slot that changes is told, and where it is" \
	wait_until 20 grep -q "change=created.* hva=[1-9]" /tmp/out.listen-setup
check "who dies is told" wait_until 20 grep -q vm-died /tmp/out.listen-vm
for file in "$KVMFAULT_DIR"/*; do
	cat "$file" > "/tmp/out.${file##*/}"
done
for name in stuck hot recent stages; do
	ge "$name has rows" "$(wc -l < /tmp/out.$name)" 2
done
for dump in $(nltest dumps); do
	nltest dump $dump
done > /tmp/out.dumps 2>&1
for what in info settings; do
	nltest do $what-get
done > /tmp/out.gets
nltest do translate vm=1 gpa=0x1000 > /tmp/out.translate
matches "an address is translated" /tmp/out.translate hva=
cat /sys/kernel/tracing/trace > /tmp/out.trace
cat $PARAMETERS/* > /tmp/out.parameters
kernel_log | grep kvmfault > /tmp/out.log
guest_release
kill $stuck
wait $stuck
listeners_stop 2> /dev/null
echo 0 > /sys/kernel/tracing/events/kvmfault/enable

ge "there is something to look through" "$(cat /tmp/out.* | wc -l)" 100
# All bits set is an address that is not known.
for out in /tmp/out.*; do
	eq "${out#/tmp/out.}: no kernel address in it" \
		"$(grep -oiE 'ffff[89a-f][0-9a-f]{11}' "$out" |
		grep -vix ffffffffffffffff | head -n 1)" ""
done
# Decimal, as netlink and the tables print numbers: the upper half of 64 bits, but
# for all bits set, is no number of ours.
eq "nor as a decimal number" "$(cat /tmp/out.* | grep -oE '\b18446[0-9]{15}\b' |
	grep -v 18446744073709551615 | head -n 1)" ""

gt "a user may join the numbers of groups that are not there" \
	"$(sed -n 's/^joined //p' /tmp/overheard)" 10
eq "and hears nothing when they are" "$(grep -c ntf /tmp/overheard)" 0

# From another network namespace, by root who knows the family's numbers.
for who in root contained; do
	eq "$who of another network namespace may listen there" \
		"$(head -n 1 /tmp/there.$who)" listening
	eq "and hears nothing: $who" "$(grep -c ntf /tmp/there.$who)" 0
done
matches "but with CAP_NET_BROADCAST of the host" /tmp/out.listen-there change=created

# These are who they are to be.
eq "there is a user" "$(as_user "id -u")" 65534
eq "there is root without capabilities" "$(as_root_with none \
	"id -u; grep CapEff /proc/self/status" | tr -s '\n\t' ' ')" \
	"0 CapEff: 0000000000000000 "
eq "there is root of a user namespace" "$(as_contained \
	"id -u; cat /proc/self/uid_map" | tr -s '\n ' ' ')" "0 0 65534 1 "

# refused WHO ERRNO COMMAND...: all that can be asked, and listening.
refused()
{
	local who=$1 errno=$2

	shift 2
	"$@" > /tmp/said
	eq "$who is refused all" "$(grep -c ": error $errno\$" /tmp/said)" \
		"$(wc -l < /tmp/requests)"
	grep -v ": error $errno\$" /tmp/said | sed 's/^/# /'
}

{
	nltest requests
	for group in $groups; do
		echo "listen $group 0"
	done
} > /tmp/requests
cat > /tmp/ask << 'END'
while read -r request; do
	echo "$request: $(nltest "$@" $request | tail -n 1 | cut -d ' ' -f 1,2)"
done < /tmp/requests
END
refused "a user" EPERM as_user "sh /tmp/ask"
refused "root of a user namespace" EPERM as_contained "sh /tmp/ask"
refused "root without capabilities" EPERM as_root_with none "sh /tmp/ask"
refused "root of another network namespace" ENOENT sh /tmp/ask -n
refused "root of another user and network namespace" ENOENT \
	as_contained "sh /tmp/ask -n"
as_root_with +net_admin "grep -v listen /tmp/requests > /tmp/asked
	mv /tmp/asked /tmp/requests; sh /tmp/ask" > /tmp/said
eq "root with CAP_NET_ADMIN alone is refused nothing" \
	"$(grep -c "error EPERM\|failed" /tmp/said) of $(wc -l < /tmp/said)" \
	"0 of $(nltest requests | wc -l)"
for group in $groups; do
	eq "one capability is enough to listen to $group" \
		"$(as_root_with $guard "nltest listen $group 0")" listening
	eq "and another one is not" \
		"$(as_root_with $other "nltest listen $group 0")" "error EPERM"
done

# denied WHO WHAT HOW-MANY COMMAND...
denied()
{
	local name="$1: $2" count=$3

	shift 3
	"$@" > /tmp/said
	eq "$name" "$(grep -ic "permission denied" /tmp/said) of $(wc -l < /tmp/said)" \
		"$count of $count"
}

# Even where debugfs is open to everybody.
chmod 755 "$DEBUGFS"
mkdir -p /tmp/mounted
files=$(ls "$KVMFAULT_DIR" | wc -l)
parameters=$(ls $PARAMETERS | wc -l)
mount_it="mount -t debugfs debugfs /tmp/mounted"
for who in user contained; do
	denied $who "reads no file" "$files" as_$who "cat $KVMFAULT_DIR/*"
	denied $who "sets no parameter" "$parameters" as_$who \
		"for file in $PARAMETERS/*; do echo 1 > \$file; done"
done
denied user "mounts no debugfs" 1 as_user "$mount_it"
denied contained "mounts no debugfs" 1 as_contained "unshare -m $mount_it"
denied "root without CAP_SYS_ADMIN" "mounts no debugfs" 1 as_root_with +net_admin \
	"$mount_it"
chmod 700 "$DEBUGFS"
eq "root with CAP_SYS_ADMIN mounts it" \
	"$(as_root_with +sys_admin "$mount_it && ls /tmp/mounted/kvmfault | wc -l")" \
	"$files"
umount /tmp/mounted

# The files ask who somebody is, and not what he may.
eq "root without capabilities reads what is mounted" \
	"$(as_root_with none "cat $KVMFAULT_DIR/vms")" "$(cat $KVMFAULT_DIR/vms)"
eq "and so in a user namespace of its own" \
	"$(unshare -U -r cat $KVMFAULT_DIR/vms)" "$(cat $KVMFAULT_DIR/vms)"
as_root_with none "echo 1234 > $PARAMETERS/stuck_ms"
eq "and sets parameters" "$(cat $PARAMETERS/stuck_ms)" 1234
