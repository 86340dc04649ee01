# SPDX-License-Identifier: GPL-2.0
#
# For cases that speak netlink through nltest.
#
#	value NAME            of the first attribute with this name in a message
#	                      on stdin; of a nest what is in it
#	total CLASS           of a message on stdin, the nest of a class
#	setting NAME          what it is set to
#	use ENGINE            switch to it; to be refused is a failure
#	switch_probe NAME 0|1 disable or enable an attach point
#	listen GROUP          in the background, into $NL.GROUP
#	told GROUP PATTERN [N]
#	                      were so many of them told to a group, or one?
#	alerts_sent           how many the kernel has sent
#	stuck_dumps PATTERN   is there one in the dump of stuck vCPUs?
#	refused NAME ERRNO MESSAGE ARGS...
#	                      nltest ARGS... is refused in these words, of which
#	                      some are enough

NL=/tmp/netlink

value()
{
	grep -o " $1=\('[^']*'\|[^ ]*\)" | head -n 1 | cut -d = -f 2- | tr -d "'"
}

total()
{
	sed "s/.*{ class=$1 \([^}]*\)}.*/ \1/"
}

setting()
{
	nltest do settings-get | value "$1"
}

use()
{
	nltest do settings-set "engine=$1" > $NL ||
		not_ok "switch to $1" "$(tail -n 1 $NL)"
}

switch_probe()
{
	nltest do probe-set "name=$1" "enabled=$2"
}

listen()
{
	: > "$NL.$1"
	nltest listen "$1" 300 > "$NL.$1" &
	listener=$!
	wait_until 30 grep -qs listening "$NL.$1"
}

told()
{
	[ "$(grep -c -e "$2" "$NL.$1")" -ge "${3:-1}" ]
}

alerts_sent()
{
	nltest do info-get | tr '{' '\n' | grep "name='alert'" | value sent
}

stuck_dumps()
{
	nltest dump stuck-get | grep -q -e "$1"
}

refused()
{
	local name=$1 errno=$2 message=$3 said

	shift 3
	said=$(nltest "$@" | tail -n 1)
	case $said in
	"error $errno"*"$message"*)	ok "$name" ;;
	*)	not_ok "$name" "it said: $said" ;;
	esac
}
