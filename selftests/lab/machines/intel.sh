# SPDX-License-Identifier: GPL-2.0
#
# The Intel machine: Bochs, the only emulator with VMX and EPT.
# To be sourced by bash.

machine_modules="kvm_intel"

# Bochs claims two logical CPUs in one leaf of CPUID and one in another, at
# which kernels from 6.9 on warn; without the ht feature they do not look.
machine_arguments="clearcpuid=28"
machine_boot_seconds=300
machine_case_seconds=300

# This model's clock runs at one tick an instruction, and the kernels from 5.10
# to 7.2 all accept its XSAVE state; with corei7_skylake_x they warn or die.
BOCHS_MODEL=${BOCHS_MODEL:-broadwell_ult}

# Instructions in an emulated second. The fewer they are, the less it takes to
# sit through a pause; but timer ticks and timeouts come so much sooner.
BOCHS_IPS=${BOCHS_IPS:-50000000}

# Where things go in memory: the start info page lies below the BIOS's own
# data, the kernel where it was linked to lie, the initramfs well beyond it.
INFO=0x20000
INFO_MODULES=0x20040
INFO_ARGUMENTS=0x20100
INFO_MAP=0x20800
KERNEL=0x1000000
INITRAMFS=0x8000000

SECTOR=512
INFO_SIZE=2048
TABLE_OFFSET=440

machine_check()
{
	need bochs as ld
}

# Little-endian numbers, as escapes for printf.
le32()
{
	printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) \
		$(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

le64()
{
	le32 $(($1 & 0xffffffff))
	le32 $(($1 >> 32))
}

sectors()
{
	echo $((($(stat -L -c %s "$1") + SECTOR - 1) / SECTOR))
}

# struct hvm_start_info, version 1, then the entry for our boot sector; then
# the one module, the arguments and room for the memory map.
start_info()
{
	local page=$work/info

	{
		printf "$(le32 0x336ec578)$(le32 1)$(le32 0)$(le32 1)"
		printf "$(le64 $INFO_MODULES)$(le64 $INFO_ARGUMENTS)$(le64 0)"
		printf "$(le64 $INFO_MAP)$(le32 0)$(le32 0)"
		printf "$(le32 "$(cat "$unpacked/entry")")$(le32 0)"
		printf "$(le64 $INITRAMFS)$(le64 "$(stat -c %s "$work/initramfs")")"
		printf "$(le64 0)$(le64 0)"
	} > "$page"
	truncate -s $((INFO_ARGUMENTS - INFO)) "$page"
	printf '%s\0' "$arguments" >> "$page"
	[ "$(stat -c %s "$page")" -le $INFO_SIZE ] || die "the kernel arguments are too long"
	truncate -s $INFO_SIZE "$page"
}

# table FILE ADDRESS...: the boot sector's table for files one after the other.
table()
{
	local sector=1

	while [ $# -gt 0 ]; do
		printf "$(le32 $sector)$(le32 "$(sectors "$1")")$(le32 "$2")"
		sector=$((sector + $(sectors "$1")))
		shift 2
	done
	printf "$(le32 0)$(le32 0)"
}

# disk FILE...: put files one after the other, each on a sector of its own.
disk()
{
	local sector=0 file

	for file in "$@"; do
		dd if="$file" of="$work/disk" bs=$SECTOR seek=$sector \
			conv=notrunc,sparse status=none || return 1
		sector=$((sector + $(sectors "$file")))
	done
	# Bochs wants whole cylinders of 16 heads and 63 sectors.
	truncate -s "%$((16 * 63 * SECTOR))" "$work/disk"
}

bochsrc()
{
	cat <<-END
	plugin_ctrl: unmapped=1, biosdev=1, speaker=0, extfpuirq=1
	cpu: model=$BOCHS_MODEL, count=$cpus, ips=$BOCHS_IPS, reset_on_triple_fault=0, ignore_bad_msrs=1
	megs: $memory
	romimage: file=/usr/share/bochs/BIOS-bochs-latest
	vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
	clock: sync=none
	ata0-master: type=disk, mode=flat, path="$work/disk", cylinders=0
	boot: disk
	com1: enabled=1, mode=file, dev="$logs/console.log"
	com2: enabled=1, mode=file, dev="$logs/verdict.log"
	display_library: rfb, options="timeout=0"
	log: $logs/bochs.log
	panic: action=fatal
	error: action=ignore
	info: action=ignore
	END
}

machine_prepare()
{
	unpacked=$("$LAB/vmlinux" "$image") || return 1
	as --32 -o "$work/boot.o" "$LAB/machines/bochs-boot.S" &&
		ld -m elf_i386 -Ttext 0x7c00 --oformat binary \
			-o "$work/boot" "$work/boot.o" || return 1
	start_info
	table "$work/info" $INFO "$unpacked/flat" $KERNEL \
		"$work/initramfs" $INITRAMFS > "$work/table"
	dd if="$work/table" of="$work/boot" bs=1 seek=$TABLE_OFFSET \
		conv=notrunc status=none
	disk "$work/boot" "$work/info" "$unpacked/flat" "$work/initramfs" ||
		return 1
	bochsrc > "$work/bochsrc"
	# Debian's Bochs is built with its debugger, which waits for orders.
	echo c > "$work/orders"
}

machine_command()
{
	COMMAND=(bochs -q -f "$work/bochsrc" -rc "$work/orders")
}
