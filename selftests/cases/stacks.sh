# SPDX-License-Identifier: GPL-2.0
# Stacks that lead through us are shown whole, under either engine
# machines: intel amd

TRACING=/sys/kernel/tracing
ENGINE=/sys/module/kvmfault/parameters/engine

case $(kvm_vendor) in
kvm_intel)	exit=violation ;;
*)		exit=npf ;;
esac

# chain NAME FUNCTION...: the stack has these, the innermost first, and nothing
# that is a guess.
chain()
{
	local name=$1

	shift
	if grep -q '? ' $GUEST_STACK; then
		not_ok "$name: nothing is a guess" "$(grep '? ' $GUEST_STACK | head -n 1)"
	else
		ok "$name: nothing is a guess"
	fi
	if awk -v wanted="$*" '
		BEGIN { nr = split(wanted, want, " "); i = 1 }
		i <= nr && $0 ~ "(^|[ \t])" want[i] "([+ ]|$)" { i++ }
		END { exit i <= nr }' $GUEST_STACK; then
		ok "$name: $*"
	else
		not_ok "$name: $*" "$(tr '\n' ' ' < $GUEST_STACK)"
	fi
}

# A vCPU that sleeps in a fault, as ps and livepatch see it.
asleep()
{
	local name=$1

	shift
	guest_start --stuck
	check "$name: it sleeps" wait_until 20 guest_asleep
	if [ "$#-$(uname -r | cut -d . -f 1)" = 0-5 ]; then
		skip "$name" "before 6.1 what is below a kretprobe is out of sight"
	else
		chain "$name" handle_userfault "$@" \
			kvm_arch_vcpu_ioctl_run kvm_vcpu_ioctl
	fi
	guest_stop
}

# Who probes the body.

traced()
{
	local name=$1 where=$2

	shift 2
	if ! echo "p:lab/here $where" > $TRACING/kprobe_events 2>/dev/null; then
		not_ok "$name: a probe at $where" "it is refused"
		return
	fi
	echo 'stacktrace:1' > $TRACING/events/lab/here/trigger
	echo > $TRACING/trace
	echo 1 > $TRACING/events/lab/here/enable
	guest --pages 3
	echo 0 > $TRACING/events/lab/here/enable
	grep '=> ' $TRACING/trace > $GUEST_STACK
	echo '!stacktrace:1' > $TRACING/events/lab/here/trigger
	echo > $TRACING/kprobe_events
	chain "$name" "$@" kvm_arch_vcpu_ioctl_run kvm_vcpu_ioctl
}

# What each KVM calls for the page, out of line, inside of kvm_tdp_page_fault().
body_function()
{
	local name

	for name in kvm_mmu_faultin_pfn kvm_faultin_pfn try_async_pf \
		mmu_topup_memory_caches; do
		if grep -q " $name\\([[:space:]]\\|$\\)" /proc/kallsyms; then
			echo $name
			return
		fi
	done
}

kvmfault_load
asleep "asleep under kretprobe"
echo direct > $ENGINE
if [ "$(cell probes "probe=$(probe_of tdp)" engine)" != direct ]; then
	skip_all "this kernel has no direct calls"
fi
asleep "asleep under direct" kvmfault_direct_tdp kvmfault_direct_$exit

if [ -e $TRACING/kprobe_events ]; then
	traced "in the body" "$(body_function)" "$(body_function)" \
		kvmfault_direct_tdp kvmfault_direct_$exit
else
	skip "traces" "no kprobes in tracefs"
fi
echo kretprobe > $ENGINE
