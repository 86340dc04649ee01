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
	qemu_command -accel tcg -cpu qemu64,+svm,+npt,+lahf_lm
}
