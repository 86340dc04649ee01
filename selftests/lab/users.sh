# SPDX-License-Identifier: GPL-2.0
#
# For cases: those who may not, or may a part. Sourced by those that name this file
# and the program setpriv. What a COMMAND for the shell says and what it complains of
# come on stdout.
#
#	as_user COMMAND		as a user
#	as_root_with CAPABILITIES COMMAND	as root who has no others: a list like
#				+net_admin,+sys_admin, or none
#	as_contained COMMAND	as root of a user namespace that a user has made

# Not busybox's, which comes first and cannot drop what it has.
SETPRIV="/usr/bin/setpriv --inh-caps -all"

as_user()
{
	$SETPRIV --reuid 65534 --regid 65534 --clear-groups --bounding-set -all \
		sh -c "$1" 2>&1
}

as_root_with()
{
	case $1 in
	none)	$SETPRIV --bounding-set -all sh -c "$2" 2>&1 ;;
	*)	$SETPRIV --bounding-set "-all,$1" sh -c "$2" 2>&1 ;;
	esac
}

as_contained()
{
	$SETPRIV --reuid 65534 --regid 65534 --clear-groups \
		unshare -U -r sh -c "$1" 2>&1
}
