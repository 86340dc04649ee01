# SPDX-License-Identifier: GPL-2.0
#
# What a variant adds to a kind of access, of lines of VARIANT KIND MEDIAN P90 MEAN
# VALUE:COUNT,...; nothing, if it was not measured. With shift.awk.

$2 == kind {
	lengths[$1] = $6
}

END {
	if (variant in lengths)
		print shift(lengths[variant], lengths["nothing"])
}
