# SPDX-License-Identifier: GPL-2.0
# Nobody gets in: no kernel address leaves, and those who may not see see nothing
# machines: intel amd
# files: selftests/netlink/nltest

as_user()
{
	busybox su -s /bin/sh nobody -c "$*" 2>&1
}

echo 'root:x:0:0::/:/bin/sh
nobody:x:65534:65534::/:/bin/sh' > /etc/passwd 2>/dev/null || {
	mkdir -p /etc
	printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' > /etc/passwd
}

# Let the kernel show what it would hide, and ask for all there is.
echo 0 > /proc/sys/kernel/kptr_restrict
echo 0 > /proc/sys/kernel/dmesg_restrict
kvmfault_load
nltest do settings-set alert-ns=1 alert-interval-ms=1 > /dev/null
nltest do settings-set recent=1 hot=1 stages=1 stuck-ms=100 > /dev/null
echo 1 > /sys/kernel/tracing/events/kvmfault/enable
nltest listen vm 60 2 > /tmp/out.vm &
vm=$!
nltest listen alert 600 > /tmp/out.alert &
alert=$!
sleep 0.5
kvmfault-guest --stuck > /tmp/stuck < /dev/null &
stuck=$!
guest_hold --pages 40 --mmio 8 --vcpus 2
check "who is stuck is told" wait_until 20 grep -q kind=asleep /tmp/out.alert
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
cat /sys/module/kvmfault/parameters/* > /tmp/out.parameters
kernel_log | grep kvmfault > /tmp/out.log
guest_release
kill $stuck
wait $stuck $vm
kill $alert
wait $alert 2> /dev/null
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

eq "a user lists no file" "$(as_user ls "$KVMFAULT_DIR" | grep -c vms)" 0
eq "a user reads no file" "$(as_user cat "$KVMFAULT_DIR/vms" | grep -c comm)" 0
{
	echo "do info-get"
	echo "do reset"
	echo "do settings-get"
	echo "do settings-set alert-ns=1"
	echo "do translate vm=1 gpa=0"
	nltest dumps | sed 's/^/dump /'
} > /tmp/commands
while read -r command; do
	eq "a user is refused: $command" \
		"$(nltest -u 65534 $command | tail -n 1 | cut -d ' ' -f 1,2)" \
		"error EPERM"
	eq "so is another network namespace: $command" \
		"$(nltest -n $command | tail -n 1 | cut -d ' ' -f 1,2)" \
		"error ENOENT"
done < /tmp/commands
for group in vm alert; do
	eq "a user may not listen to $group" \
		"$(nltest -u 65534 listen $group 1 | tail -n 1)" "error EPERM"
done
check_fails "a user sets no parameter" as_user "echo direct > /sys/module/kvmfault/parameters/engine" 2>/dev/null
eq "the engine is what it was" "$(cat /sys/module/kvmfault/parameters/engine)" \
	kretprobe
