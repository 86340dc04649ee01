# SPDX-License-Identifier: GPL-2.0
#
# Lines of VARIANT KIND MEDIAN P90 MEAN to a table of what a variant adds to the
# first one, "nothing".

function cell(variant, kind, i, text, format, base)
{
	text = ""
	for (i = 3; i <= 5; i++) {
		base = variant == variants[1] ? 0 : value[variants[1], kind, i]
		format = variant == variants[1] ? "%s/%d" : "%s/%+d"
		text = sprintf(format, text, value[variant, kind, i] - base)
	}
	return substr(text, 2)
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
	for (i = 3; i <= 5; i++)
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
