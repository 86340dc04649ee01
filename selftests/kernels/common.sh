# SPDX-License-Identifier: GPL-2.0
#
# What the programs that test other kernels share. To be sourced by bash.

KERNELS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$KERNELS/../lab/common.sh"

ROOTS=$CACHE/roots

all_suites()
{
	sed -n 's/^\([a-z][^	]*\).*/\1/p' "$KERNELS/suites"
}

# sources_of NAME: the suites that its packages come from.
sources_of()
{
	awk -v name="$1" '$1 == name { print $2 }' "$KERNELS/suites" | tr ',' ' '
}

need_root()
{
	[ "$(id -u)" -eq 0 ] || die "systems of other suites can be set up by root only"
}
