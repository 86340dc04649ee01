# SPDX-License-Identifier: GPL-2.0
#
# For cases: kvmfault faults --follow in the background. Sourced by those that
# name this file.
#
#	follow ARGS...		follow from now on
#	follow_end SIGNAL	until now; nothing of it stays
#	follow_ended WHY	it ended by itself; likewise
#	told shown|lost		how many faults were, by its last words
#	column NAME		the cells of a column
#	lines PATTERN		how many of the lines on stdin are that

T=/sys/kernel/tracing
EVENT=events/kvmfault/kvmfault_fault
ROWS=/tmp/follow.rows
END=/tmp/follow.end

# It may have come to its end already.
follow_begun()
{
	[ -s $END ] || grep -qs '^1' "$instance/$EVENT/enable"
}

# What the one before has said is no sign of this one.
follow()
{
	: >$END
	kvmfault faults --follow "$@" >$ROWS 2>$END 9>&- &
	follower=$!
	instance=$T/instances/kvmfault-$follower
	wait_until 30 follow_begun ||
		not_ok "kvmfault faults --follow $* begins" "$(cat $END)"
}

follow_end()
{
	kill -"$1" $follower
	follow_ended "SIG$1"
}

follow_ended()
{
	wait $follower
	eq "$1 ends it well" "$?" 0
	check_fails "$1: its instance is gone" [ -e "$instance" ]
}

told()
{
	case $1 in
	shown)	sed -n 's/^kvmfault: \([0-9]*\) faults\{0,1\}, .*/\1/p' $END ;;
	lost)	sed -n 's/.* faults\{0,1\}, \([0-9]*\) lost.*/\1/p' $END ;;
	esac
}

# Names of threads and error types may have blanks: ours are known.
column()
{
	sed -e 's/vcpu 0 /vcpu-0 /' -e 's/Present /Present-/' $ROWS | awk -v name="$1" '
		NR == 1 {
			for (i = 1; i <= NF; i++)
				at[$i] = i
			next
		}
		{ print $at[name] }'
}

lines()
{
	grep -c -x -- "$1"
}
