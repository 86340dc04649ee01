# SPDX-License-Identifier: GPL-2.0
# A probe that is in place and never called is found out
# machines: intel

# Where the compiler has split this function, KVM calls the part.
PART=handle_ept_misconfig.part.0

# In the module's string table, for /proc/kallsyms is long. busybox grep sees
# nothing behind a zero byte.
tr '\0' '\n' < "/modules/$(kvm_vendor).ko" | grep -qF "$PART" ||
	skip_all "this kernel's handle_ept_misconfig was not split by the compiler"

probe_cell()
{
	cell probes probe=handle_ept_misconfig "$1"
}

is_bypassed()
{
	[ "$(probe_cell state)" = bypassed ]
}

# On purpose the wrong one of the two.
kvmfault_load plain_symbols=1
guest_hold --pages 31 --mmio 131
wait_until 10 is_bypassed
eq "the whole function: its probe is bypassed" "$(probe_cell state)" bypassed
eq "the whole function: the symbol" "$(probe_cell symbol)" handle_ept_misconfig
eq "the whole function: nothing is counted" "$(cell vms vm=1 misconfig)" 0
eq "the whole function: violations are" "$(cell vms vm=1 violation)" \
	"$(expected violation)"
eq "the whole function: no other is" "$(pick probes state=bypassed probe)" \
	handle_ept_misconfig
for probe in handle_ept_violation kvm_tdp_page_fault kvm_destroy_vm; do
	eq "the whole function: $probe is armed" \
		"$(cell probes "probe=$probe" state)" armed
done
matches "the whole function: summary says so" "$KVMFAULT_DIR/summary" \
	"handle_ept_misconfig is bypassed"
eq "the whole function: one sentence in the log" \
	"$(kernel_log | grep -c 'kvmfault: .*calls past it')" 1
guest_release
kvmfault_unload

# Left to itself the module takes the right one.
kvmfault_load
guest_hold --pages 31 --mmio 131
eq "the part: its probe is armed" "$(probe_cell state)" armed
eq "the part: the symbol" "$(probe_cell symbol)" $PART
for class in violation misconfig tdp; do
	eq "the part: $class" "$(cell vms vm=1 $class)" "$(expected $class)"
done
eq "the part: nobody is bypassed" \
	"$(kernel_log | grep -c 'kvmfault: .*calls past it')" 1
guest_release
