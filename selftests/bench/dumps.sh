# SPDX-License-Identifier: GPL-2.0
#
# For the parts of the bench: everything by netlink. Sourced inside.
#
#	write_dump     have a script of all that this kvmfault can dump, DUMP

DUMP=/tmp/dump
OPERATIONS="info-get probe-get vm-get vcpu-get latency-get histogram-get fault-get hot-get recent-get"

write_dump()
{
	local operation

	for operation in $OPERATIONS; do
		! nltest -q dump $operation > /dev/null ||
			echo "nltest -q dump $operation"
	done > $DUMP
}
