# SPDX-License-Identifier: GPL-2.0
#
# For cases in which memory fails. Sourced by them, after nothing.
#
#	fail_ready		or end the case, where allocations cannot fail
#	fail_in FUNCTION [COMM [EXCEPT]]	from now on in this function, in these
#				programs, and not in functions within it
#	fail_nth N		let its N-th allocation fail; 0: none
#	fail_hit		did it, since fail_nth was said?
#	fail_whole		how many, since fail_nth was said, were of more than a
#				page, or of memory of all CPUs
#	fail_came		was the function called since then? If not, nothing
#				could fail
#	fail_end		no more
#	fail_each MOST COMMAND...	with each allocation that fails in turn, until
#				all succeed: sets fail_n to how many there are, and
#				fail_wholes to how many of those are fail_whole.
#				fail_next N says which one comes after the N-th;
#				the command finds its number in fail_at

NTH=/sys/module/nth/parameters

fail_ready()
{
	[ -e /nth.ko ] ||
		skip_all "this kernel cannot let allocations fail (CONFIG_FAULT_INJECTION)"
	# In any context, and without a word of each. Pages are not failed: who
	# asks for them through vmalloc() is told of it by a stack in the log. What
	# kvmalloc() would get there fails by itself: nth.c.
	echo 0 > /sys/kernel/debug/failslab/verbose
	echo N > /sys/kernel/debug/failslab/ignore-gfp-wait
	echo 20 > /sys/kernel/debug/fail_page_alloc/min-order
	# Where the kernel was told which slabs fail, none but those.
	cat /sys/kernel/slab/kmalloc-64/failslab > /sys/kernel/debug/failslab/cache-filter
}

fail_in()
{
	insmod /nth.ko function="$1" ${2:+comm="$2"} ${3:+except="$3"} ||
		not_ok "allocations fail in $1" "it cannot be probed"
}

fail_nth()
{
	echo 0 > $NTH/failed
	echo 0 > $NTH/whole
	echo 0 > $NTH/calls
	echo "$1" > $NTH/nth
}

fail_hit()
{
	[ "$(cat $NTH/failed)" -gt 0 ]
}

fail_whole()
{
	cat $NTH/whole
}

fail_came()
{
	[ "$(cat $NTH/calls)" -gt 0 ]
}

fail_end()
{
	rmmod nth
}

fail_next()
{
	echo $(($1 + 1))
}

fail_each()
{
	local most=$1

	shift
	fail_n=0
	fail_wholes=0
	fail_at=1
	fail_tries=1
	while [ $fail_at -le "$most" ]; do
		fail_nth $fail_at
		"$@"
		wait_until 10 fail_came ||
			not_ok "$*: allocation $fail_at" "the function was not called"
		echo 0 > $NTH/nth
		fail_hit || return 0
		fail_wholes=$((fail_wholes + ($(fail_whole) > 0)))
		[ $((fail_tries % 50)) -ne 0 ] || note "$*: allocation $fail_at"
		fail_tries=$((fail_tries + 1))
		fail_n=$fail_at
		fail_at=$(fail_next $fail_at)
	done
	fail_n=0
	not_ok "all allocations have failed once" "more than $most"
}
