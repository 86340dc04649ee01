# SPDX-License-Identifier: GPL-2.0
#
# Two tables of VARIANT KIND MEDIAN P90 MEAN, an empty line between them: fails
# if a median of the second is further from the first than a share of what the
# variant adds, and what the access varies by of itself: the p90 of "nothing" less
# its median. Of what is added nothing is, one instruction.

NF == 0 {
	second = 1
	next
}

!second {
	median[$1, $2] = $3
	if ($1 == "nothing")
		spread[$2] = $4 - $3
	next
}

($1, $2) in median {
	added = median[$1, $2] - median["nothing", $2]
	if (added < 100 / most)
		added = 100 / most
	off = $3 - median[$1, $2]
	if (off < 0)
		off = -off
	off = (off - spread[$2]) * 100 / added
	if (off > worst) {
		worst = off
		where = ", " $1 " " $2
	}
	compared++
}

END {
	printf "of %d medians the furthest apart are %.2f %%%s\n", compared, worst, where
	exit !compared || worst > most
}
