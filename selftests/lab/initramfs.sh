# SPDX-License-Identifier: GPL-2.0
#
# What a machine of the lab boots into. To be sourced by bash.

# A KVM module as the kernel's own loader wants it: unpacked.
unpack_module()
{
	case $1 in
	*.ko)		cat "$1" ;;
	*.ko.xz)	xz -dc "$1" ;;
	*.ko.zst)	zstd -dcq "$1" ;;
	*.ko.gz)	gzip -dc "$1" ;;
	esac
}

# Checking a signature takes Bochs longer than all the rest of loading a module,
# and nobody asks for one here: cut it off. It ends with 12 bytes that give its
# length, in the last four of them, and the magic words.
cut_signature()
{
	local file=$1 magic="~Module signature appended~" size bytes

	[ "$(tail -c 28 "$file" | tr -d "\0")" = "$magic" ] || return 0
	size=$(stat -c %s "$file")
	read -r -a bytes < <(od -An -t u1 -j $((size - 32)) -N 4 "$file")
	truncate -s $((size - 40 - (bytes[2] << 8 | bytes[3]))) "$file"
}

# add_modules TREE ROOT VERSION MODULE [ORDER]: the module and what it needs, with
# their names in the order of loading, in the file ORDER.
add_modules()
{
	local tree=$1 root=$2 version=$3 path name

	mkdir -p "$tree/modules"
	# modprobe knows lib/modules only; some roots have usr/lib alone.
	if [ ! -d "$root/lib/modules/$version" ]; then
		ln -sfn "$(cd "$root/usr" && pwd)/lib" "$work/lib" || return 1
		root=$work
	fi
	modprobe -d "$root" -S "$version" --show-depends "$4" > "$work/depends" ||
		{ say "no $4 in $root (without modules.dep, run depmod first)"; return 1; }
	while read -r word path rest; do
		[ "$word" = insmod ] || continue
		name=${path##*/}
		name=${name%%.ko*}
		name=${name//-/_}
		unpack_module "$path" > "$tree/modules/$name.ko" &&
			cut_signature "$tree/modules/$name.ko" || return 1
		echo "$name"
	done < "$work/depends" > "$tree/modules/${5:-order}"
}

# add_file TREE FILE[:DESTINATION]: into /bin by default.
add_file()
{
	local tree=$1 file=${2%%:*} destination=

	case $2 in
	*:*)	destination=${2#*:} ;;
	*)	destination=/bin/${file##*/} ;;
	esac
	[ -r "$file" ] || { say "$file is not there"; return 1; }
	mkdir -p "$(dirname "$tree$destination")" &&
		cp -L "$file" "$tree$destination"
}

# add_program TREE PROGRAM: a dynamic program with its libraries and loader, at
# the places they have on this machine: some find their data relative to
# themselves, so it is the real place, not /bin where that leads to /usr/bin. A
# program of ours, named by its path, goes into /bin.
add_program()
{
	local tree=$1 program path

	case $2 in
	*/*)	program=$2
		add_file "$tree" "$program" || return 1 ;;
	*)	program=$(command -v "$2") || { say "no $2 on this machine"; return 1; }
		program=$(cd "$(dirname "$program")" && pwd -P)/${program##*/}
		add_file "$tree" "$program:$program" || return 1 ;;
	esac
	for path in $(ldd "$program" | grep -o "/[^ ]*"); do
		add_file "$tree" "$path:$path" || return 1
	done
}

# add_vmm TREE IMAGE: QEMU with its firmware, and a kernel for its guest, unpacked.
add_vmm()
{
	local tree=$1 file unpacked

	unpacked=$("$LAB/vmlinux" "$2") &&
		add_file "$tree" "$unpacked/vmlinux:/vmm/vmlinux" &&
		add_program "$tree" qemu-system-x86_64 || return 1
	for file in seabios/bios-256k.bin qemu/pvh.bin qemu/kvmvapic.bin; do
		add_file "$tree" "/usr/share/$file:/usr/share/$file" || return 1
	done
}

# The order of the files is the order of cpio; nothing is packed, because
# unpacking takes longer in an emulator than reading does.
write_initramfs()
{
	local tree=$1 into=$2

	(cd "$tree" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) > "$into"
}
