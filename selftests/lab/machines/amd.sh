# SPDX-License-Identifier: GPL-2.0
#
# The AMD machine: QEMU's own emulation, which has SVM and nested paging.

. "$LAB/machines/qemu.sh"

machine_modules="kvm_amd"
machine_arguments=
machine_boot_seconds=60
machine_case_seconds=60

machine_check()
{
	need qemu-system-x86_64
}

# machine_command: the emulator's command line, as words of the array COMMAND.
machine_command()
{
	local accelerator=tcg

	# A thread for each CPU is quicker, but misses code that is patched
	# while it runs: KVM does that when VMs come and go, and 7.2 panics.
	[ "${version%%.*}" -lt 7 ] || accelerator=tcg,thread=single
	qemu_command -accel $accelerator -cpu qemu64,+svm,+npt,+lahf_lm
}
