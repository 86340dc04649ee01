# SPDX-License-Identifier: GPL-2.0
#
# Lines of WHAT VMS TICKS BYTES to a table

{
	if (!($1 in seen)) {
		seen[$1] = 1
		whats[++nr] = $1
	}
	if (!($2 in known)) {
		known[$2] = 1
		crowds[++nr_crowds] = $2
	}
	cell[$1, $2] = sprintf("%d %d", $3, $NF)
}

END {
	printf "%-24s", "reader"
	for (c = 1; c <= nr_crowds; c++)
		printf " %20s", crowds[c] " VMs"
	printf "\n"
	for (w = 1; w <= nr; w++) {
		printf "%-24s", whats[w]
		for (c = 1; c <= nr_crowds; c++)
			printf " %20s", cell[whats[w], crowds[c]]
		printf "\n"
	}
}
