# SPDX-License-Identifier: GPL-2.0
# A VMM makes its files hard to find, and its name hard to read: who looks for its VM
# is not hurt, does not take long, and reads one line
# machines: amd
# files: selftests/netlink/nltest
# files: selftests/lab/translation.sh:/translation.sh
. /translation.sh

centiseconds()
{
	awk '{ print int($1 * 100) }' /proc/uptime
}

# read_in_time FILE: in so short a time that nobody has to wait for it.
read_in_time()
{
	local begun

	begun=$(centiseconds)
	cat "$KVMFAULT_DIR/$1" > /tmp/read
	le "$1 is read at once" "$(($(centiseconds) - begun))" \
		"$((300 * ${KVMFAULT_SLOW:-1}))"
}

kvmfault_load
# What is opened by its path has the name of the file, and nothing behind it.
guest_hold --scene path --pages 7
for file in setup memslots threads; do
	eq "$file: a VM behind files that are none" "$(cell $file vm=1 vm)" 1
done
gt "it has its memory" "$(cell setup vm=1 pages)" 0
eq "netlink says the same" "$(nltest dump memslot-get | grep -c vm=1)" \
	"$(rows memslots)"
translate vm=1 gpa=$((0x1000))
eq "it can be translated in" "$(grep -c '^hva=' /tmp/way)" 1
guest_release

# 2000 turns, and in each 65536 files of which none is the VM's.
guest_hold --scene files --pages 7
for file in setup memslots threads; do
	read_in_time $file
	eq "$file: a VM that has no file" "$(cell $file vm=2 vm)" 2
done
eq "what it has is not known" "$(cell setup vm=2 pages)" -
guest_release

# Whoever takes \r for the end of a line, or for a command, reads what the VMM says.
guest_hold --name "$(printf 'a\r9 9\033[2J')" --pages 7
eq "its name is one line" "$(sed -n 's/.* //; $p' "$KVMFAULT_DIR/vms")" '9\033[2J'
guest_release
guest_hold --name "$(printf 'a\302\2339\302\205b\377')" --pages 7
eq "nor has it control characters of UTF-8" \
	"$(sed -n 's/.* //; $p' "$KVMFAULT_DIR/vms")" 'a\302\2339\302\205b\377'
for file in vms summary vcpus; do
	eq "$file: characters that control something" \
		"$(tr -cd '\001-\011\013-\037\177-\377' < "$KVMFAULT_DIR/$file" | wc -c)" 0
done
guest_release
kvmfault_unload
eq "it unloads" "$?" 0
