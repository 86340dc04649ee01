# SPDX-License-Identifier: GPL-2.0
#
# Count the results of KTAP of any depth: awk [-v skips=LIST] -f tally.awk FILE...
#
# A result that sums up others, which stand before it and further to the right,
# is not counted again, unless it failed though none of them did: a case whose
# checks were all well, but which the kernel did not survive; or was skipped from some
# point on. Prints one line,
# after the names of what failed or was skipped; exits 1 if anything failed. With a
# list of expressions what is skipped and not in it has failed, too: something is not
# tried any more.

function skip(text,	name, i)
{
	name = text
	sub(/^ok [0-9]* */, "", name)
	print "# skipped: " name
	for (i = 1; i <= nr_known; i++)
		if (name ~ known[i])
			break
	if (skips == "" || i <= nr_known) {
		skipped++
		return
	}
	failed++
	print "# failed: this is not to be skipped: " name
}

BEGIN {
	while (skips != "" && (getline line < skips) > 0)
		if (line !~ /^(#|$)/)
			known[++nr_known] = line
}

{
	match($0, /^ */)
	depth = RLENGTH
	text = substr($0, depth + 1)
}

# Results below a line of this depth belong to it, and are done with.
text ~ /^(not )?ok( |$)/ {
	is_failure = text ~ /^not ok/
	below = failures_below = 0
	for (d in results) {
		if (d + 0 > depth) {
			below += results[d]
			failures_below += failures[d]
			delete results[d]
			delete failures[d]
		}
	}
	results[depth]++
	failures[depth] += is_failure
	if (below && (is_failure ? failures_below : text !~ /# SKIP/))
		next
	if (is_failure) {
		failed++
		print "# failed: " text
	} else if (text ~ /# SKIP/) {
		skip(text)
	} else {
		passed++
	}
}

# A whole that is skipped has no results.
text ~ /^1\.\.0 *# SKIP/ && depth == 0 {
	skip(text)
}

/^Bail out!/ {
	failed++
	print "# failed: " $0
}

END {
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed ? 1 : 0
}
