# SPDX-License-Identifier: GPL-2.0
#
# The AMD machine: QEMU's own emulation, which has SVM and nested paging.
# To be sourced by bash.

. "$LAB/machines/qemu.sh"

machine_modules="kvm_amd"
machine_arguments=
machine_boot_seconds=120
machine_case_seconds=120

machine_check()
{
	need qemu-system-x86_64
}

# machine_command: the emulator's command line, as words of the array COMMAND.
machine_command()
{
	# A thread for each CPU would be quicker, but misses code that is patched
	# while it runs, by KVM as VMs come and go or by whoever traces: kernels
	# panic then in places that have nothing to do with it.
	qemu_command -accel tcg,thread=single -cpu qemu64,+svm,+npt,+lahf_lm
}
