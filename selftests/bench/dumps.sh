# SPDX-License-Identifier: GPL-2.0
#
# For the parts of the bench: everything by netlink. Sourced inside.
#
#	write_dump     have a script of all that kvmfault can dump, DUMP

DUMP=/tmp/dump

write_dump()
{
	{
		echo "set -e"
		nltest dumps | sed 's/^/nltest -q dump /'
	} > $DUMP
}
