# SPDX-License-Identifier: GPL-2.0
#
# Lines of VARIANT KIND MEDIAN P90 MEAN VALUE:COUNT,... to a table of what a variant
# adds to the first one, "nothing", whose own numbers stand in the first row. With
# shift.awk.

function cell(variant, kind, base)
{
	base = variants[1]
	if (variant == base)
		return value[base, kind, 3] "/" value[base, kind, 4] "/" value[base, kind, 5]
	return sprintf("%+d/%+d/%+d", shift(value[variant, kind, 6], value[base, kind, 6]),
		       value[variant, kind, 4] - value[base, kind, 4],
		       value[variant, kind, 5] - value[base, kind, 5])
}

{
	if (!(($1) in seen)) {
		seen[$1] = 1
		variants[++nr] = $1
	}
	if (!(($2) in known)) {
		known[$2] = 1
		kinds[++nr_kinds] = $2
	}
	for (i = 3; i <= 6; i++)
		value[$1, $2, i] = $i
}

END {
	printf "%-24s", "median/p90/mean"
	for (k = 1; k <= nr_kinds; k++)
		printf " %19s", kinds[k]
	printf "\n"
	for (v = 1; v <= nr; v++) {
		printf "%-24s", variants[v]
		for (k = 1; k <= nr_kinds; k++)
			printf " %19s", cell(variants[v], kinds[k])
		printf "\n"
	}
}
