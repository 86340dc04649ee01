# SPDX-License-Identifier: GPL-2.0
#
# The host machine: the hardware's own VMX or SVM, where nested virtualisation
# is real. A /dev/kvm alone does not prove that: paravirtual hosts have one too.
# To be sourced by bash.

. "$LAB/machines/qemu.sh"

machine_modules=
machine_arguments=
machine_boot_seconds=60
machine_case_seconds=30

is_nested()
{
	case $(cat "/sys/module/$1/parameters/nested" 2>/dev/null) in
	Y|1)	return 0 ;;
	*)	return 1 ;;
	esac
}

machine_check()
{
	need qemu-system-x86_64
	if grep -qw vmx /proc/cpuinfo; then
		machine_modules=kvm_intel
	elif grep -qw svm /proc/cpuinfo; then
		machine_modules=kvm_amd
	else
		skip "no vmx and no svm in /proc/cpuinfo"
	fi
	[ -r /dev/kvm ] && [ -w /dev/kvm ] || skip "/dev/kvm cannot be opened"
	is_nested "$machine_modules" || skip "$machine_modules is not loaded with nested=1"
}

machine_command()
{
	qemu_command -accel kvm -cpu host
}
