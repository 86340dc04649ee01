# SPDX-License-Identifier: GPL-2.0
#
# What the machines run by QEMU have in common. To be sourced by bash.

# The kernel is given unpacked: QEMU starts it by its PVH entry.
machine_prepare()
{
	unpacked=$("$LAB/vmlinux" "$image")
}

qemu_command()
{
	COMMAND=(qemu-system-x86_64 "$@" -M pc -smp "$cpus" -m "$memory"
		-no-user-config -nodefaults -display none -vga none -no-reboot
		-kernel "$unpacked/vmlinux" -initrd "$work/initramfs"
		-append "$arguments"
		-serial "file:$logs/console.log" -serial "file:$logs/verdict.log")
}
