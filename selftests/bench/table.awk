# SPDX-License-Identifier: GPL-2.0
#
# Lines of VARIANT KIND MEDIAN P90 MEAN to a table of what a variant adds to the
# first one, "nothing".

function added(variant, kind, i)
{
	return value[variant, kind, i] - value[variants[1], kind, i]
}

function cell(variant, kind)
{
	if (variant == variants[1])
		return sprintf("%d/%d/%d", value[variant, kind, 3],
			       value[variant, kind, 4], value[variant, kind, 5])
	return sprintf("+%d/%+d/%+d", added(variant, kind, 3),
		       added(variant, kind, 4), added(variant, kind, 5))
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
	printf "%-22s", "median/p90/mean"
	for (k = 1; k <= nr_kinds; k++)
		printf " %22s", kinds[k]
	printf "\n"
	for (v = 1; v <= nr; v++) {
		printf "%-22s", variants[v]
		for (k = 1; k <= nr_kinds; k++)
			printf " %22s", cell(variants[v], kinds[k])
		printf "\n"
	}
}
