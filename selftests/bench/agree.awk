# SPDX-License-Identifier: GPL-2.0
#
# Two tables of VARIANT KIND MEDIAN P90 MEAN VALUE:COUNT,..., an empty line between
# them: fails if what is added to an access is further apart in them than a share of
# itself; of what adds nothing, and of the accesses themselves, than an instruction.
# With shift.awk.

function compare(a, b, what, share, off)
{
	share = a < 100 / most ? 100 / most : a
	off = (b < a ? a - b : b - a) * 100 / share
	if (off > worst) {
		worst = off
		where = ", " what
	}
	compared++
}

NF == 0 {
	second = 1
	next
}

!second {
	first[$1, $2] = $6
	next
}

$1 == "nothing" {
	base[$2] = $6
	compare(0, shift($6, first[$1, $2]), $1 " " $2)
	next
}

($1, $2) in first {
	compare(shift(first[$1, $2], first["nothing", $2]), shift($6, base[$2]), $1 " " $2)
}

END {
	printf "of %d the furthest apart are %.2f %%%s\n", compared, worst, where
	exit !compared || worst > most
}
