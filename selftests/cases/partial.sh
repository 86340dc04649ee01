# SPDX-License-Identifier: GPL-2.0
# A KVM that lacks one of the functions, or all of them. Changing modules inside an
# emulated Intel machine takes minutes: on the quick one only.
# machines: amd

# KVM with the last letter of some of its symbols changed, so that they are not
# found: the names are in the modules' string tables, and nobody else uses them.
# A changed module must not carry its signature, which would be a wrong one.
kvm_load_without()
{
	local module symbol script="s/~Module signature appended~/~none~/"

	for symbol in "$@"; do
		script="$script;s/${symbol}/${symbol%?}_/g"
	done
	kvm_unload
	for module in kvm "$(kvm_vendor)"; do
		sed "$script" "/modules/$module.ko" > /tmp/changed.ko
		insmod /tmp/changed.ko || not_ok "KVM without $* loads"
		rm /tmp/changed.ko
	done
}

state_of()
{
	cell probes "probe=$1" state
}

exits=$(for class in violation misconfig; do probe_of $class; done | sort -u)

# One is missing: the rest goes on, and it is said which.
kvm_load_without kvm_tdp_page_fault
kvmfault_load
eq "it loads without kvm_tdp_page_fault" "$?" 0
eq "that one is unavailable" "$(state_of kvm_tdp_page_fault)" unavailable
for probe in $exits kvm_destroy_vm; do
	eq "$probe is armed" "$(state_of "$probe")" armed
done
kernel_log > /tmp/log
matches "the log names it and what is lost" /tmp/log \
	"kvmfault: kvm has no function kvm_tdp_page_fault: the MMU's part is not counted"
matches "summary names it" $KVMFAULT_DIR/summary \
	"kvm_tdp_page_fault is unavailable"
guest --pages 41 --mmio 7
expect_of --pages 41 --mmio 7
eq "violations are counted" "$(cell vms vm=0 violation)" "$expected_violation"
eq "misconfigs are counted" "$(cell vms vm=0 misconfig)" "$expected_misconfig"
eq "tdp is not" "$(cell vms vm=0 tdp)" 0

# It comes back with the next KVM.
kvm_unload
eq "without KVM it waits" "$(state_of kvm_tdp_page_fault)" waiting
kvm_load
eq "it is armed when it is there" "$(state_of kvm_tdp_page_fault)" armed
guest --pages 41 --mmio 7
eq "tdp is counted from then on" "$(cell vms vm=0 tdp)" "$expected_tdp"
kvmfault_unload

# None is there: loading would be of no use.
kvm_load_without kvm_tdp_page_fault $exits
said=$(kvmfault_load 2>&1)
check_fails "it does not load when there is nothing to probe" \
	lab_is_loaded kvmfault
case $said in
*"No such file"* | *"unknown symbol"* | *ENOENT*) ok "the errno is ENOENT" ;;
*) not_ok "the errno is ENOENT" "$said" ;;
esac
kernel_log > /tmp/log
matches "the log says why" /tmp/log "kvmfault: no function of KVM can be probed"

# KVM without them comes later: that is no reason to go.
kvm_unload
kvmfault_load
kvm_load_without kvm_tdp_page_fault $exits
for probe in kvm_tdp_page_fault $exits; do
	eq "$probe is unavailable" "$(state_of "$probe")" unavailable
done
kvm_unload
kvm_load
eq "the next KVM has them all" "$(pick probes - state | sort -u)" armed
