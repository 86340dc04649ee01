# SPDX-License-Identifier: GPL-2.0
#
# For the parts of the bench: measured variants and budgets. Sourced inside.
#
#	variant NAME ADD REMOVE     measure what a fault costs, between two commands
#	wanted NAME                 whether the variant was asked for
#	added NAME KIND             what it adds to an access, if it was measured
#	budget NAME KIND MOST       a check: it adds no more than that
#	exactly NAME KIND           a check: it adds nothing
#	functions                   what is probed, as module:symbol, with commas
#
# BENCH_VARIANTS names those to measure, with commas; all, if it is not set.

RESULTS=/tmp/bench
SAMPLES=${BENCH_SAMPLES:-1024}
SETTLE=256

functions()
{
	local misconfig=handle_ept_misconfig

	if grep -q 'handle_ept_misconfig\.part\.0' /proc/kallsyms; then
		misconfig=handle_ept_misconfig.part.0
	fi
	echo "kvm_intel:handle_ept_violation,kvm_intel:$misconfig,kvm:kvm_tdp_page_fault"
}

wanted()
{
	case ,${BENCH_VARIANTS:-$1}, in
	*,"$1",*)	return 0 ;;
	*)		return 1 ;;
	esac
}

# measure NAME: with whatever is loaded now. The first run lets it settle.
measure()
{
	kvmfault-stamp $SETTLE > /dev/null &&
		kvmfault-stamp "$SAMPLES" > $RESULTS.new || return 1
	while read -r kind rest; do
		echo "$1 $kind $rest"
	done < $RESULTS.new | tee -a $RESULTS | while read -r line; do
		note "bench $line"
	done
}

variant()
{
	wanted "$1" || return 0
	if eval "$2"; then
		check "$1" measure "$1"
	else
		not_ok "$1" "'$2' failed"
	fi
	eval "$3"
}

added()
{
	awk -v variant="$1" -v kind="$2" -f /shift.awk -f /added.awk $RESULTS
}

budget()
{
	local got

	got=$(added "$1" "$2")
	[ -n "$got" ] || return 0
	le "budget: $1, $2: $got of $3" "$got" "$3"
}

exactly()
{
	local got

	got=$(added "$1" "$2")
	[ -n "$got" ] || return 0
	eq "budget: $1, $2: $got of 0" "$got" 0
}
