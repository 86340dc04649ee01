# SPDX-License-Identifier: GPL-2.0
# Instructions added to each kind of fault, and the budgets
# machines: intel

# The budgets, added medians; a violation passes through two probes.
RETPROBE_OVER_BARE_VIOLATION=200
RETPROBE_OVER_BARE_MISCONFIG=100
DIRECT_VIOLATION=180
DIRECT_MISCONFIG=90

SAMPLES=1024
RESULTS=/tmp/bench

misconfig=handle_ept_misconfig
if grep -q 'handle_ept_misconfig\.part\.0' /proc/kallsyms; then
	misconfig=handle_ept_misconfig.part.0
fi
FUNCTIONS=kvm_intel:handle_ept_violation,kvm_intel:$misconfig,kvm:kvm_tdp_page_fault

# measure VARIANT: with whatever is loaded now. The first run lets it settle.
measure()
{
	kvmfault-stamp $((SAMPLES / 4)) > /dev/null &&
		kvmfault-stamp $SAMPLES > $RESULTS.new || return 1
	while read -r kind rest; do
		echo "$1 $kind $rest"
	done < $RESULTS.new | tee -a $RESULTS | while read -r line; do
		note "bench $line"
	done
}

# variant NAME ADD REMOVE: commands to have it and to be rid of it
variant()
{
	if ! eval "$2"; then
		not_ok "$1" "'$2' failed"
		return
	fi
	check "$1" measure "$1"
	eval "$3"
}

# added VARIANT KIND: to the median
added()
{
	awk -v variant="$1" -v kind="$2" '
		$2 == kind { median[$1] = $3 }
		END {
			if (variant in median)
				print median[variant] - median["nothing"]
		}' $RESULTS
}

# budget VARIANT KIND MOST
budget()
{
	local got

	got=$(added "$1" "$2")
	[ -n "$got" ] || return
	le "budget: $1, $2: $got of $3" "$got" "$3"
}

budgets()
{
	local kind

	for kind in present fresh; do
		budget kretprobe $kind $(($(added bare-kretprobe $kind) +
					  RETPROBE_OVER_BARE_VIOLATION))
		budget direct $kind $DIRECT_VIOLATION
	done
	for kind in mmio ioeventfd; do
		budget kretprobe $kind $(($(added bare-kretprobe $kind) +
					  RETPROBE_OVER_BARE_MISCONFIG))
		budget direct $kind $DIRECT_MISCONFIG
	done
}

: > $RESULTS
variant nothing true true
variant bare-kprobe "insmod /bare.ko functions=$FUNCTIONS" "rmmod bare"
variant bare-kretprobe "insmod /bare.ko returns=1 functions=$FUNCTIONS" "rmmod bare"
variant kretprobe kvmfault_load kvmfault_unload
variant direct "kvmfault_load engine=direct" \
	"echo kretprobe > /sys/module/kvmfault/parameters/engine; kvmfault_unload"
variant nothing-again true true
budgets
