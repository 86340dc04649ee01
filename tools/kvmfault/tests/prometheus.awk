# SPDX-License-Identifier: GPL-2.0
#
# Is this Prometheus' text format (0.0.4), to the letter? Says what is wrong
# and exits 1. Stricter than a scraper: every family has its HELP and its TYPE,
# in this order and before its samples, which lie together; counters end in
# _total; no sample comes twice; histograms are whole, their edges rise, their
# counts do not fall, and +Inf is their count.

function wrong(why)
{
	print "line " NR ": " why ": " $0
	bad = 1
}

function is_name(name)
{
	return name ~ /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
}

# The labels up to the closing brace, into label[] and order; the rest of the
# line is returned, or "" if this is not how labels are written.
function take_labels(text,    name, value)
{
	delete label
	rest_labels = ""
	while (match(text, /^[a-zA-Z_][a-zA-Z0-9_]*="/)) {
		name = substr(text, 1, RLENGTH - 2)
		text = substr(text, RLENGTH + 1)
		if (!match(text, /^([^"\\\n]|\\\\|\\"|\\n)*"/))
			return ""
		value = substr(text, 1, RLENGTH - 1)
		text = substr(text, RLENGTH + 1)
		if (name in label)
			return ""
		label[name] = value
		if (name != "le")
			rest_labels = rest_labels name "=" value ","
		if (text ~ /^,/)
			text = substr(text, 2)
		else if (text !~ /^[}]/)
			return ""
	}
	return text ~ /^[}] / ? substr(text, 3) : ""
}

function end_series()
{
	if (series == "")
		return
	if (edge != "+Inf")
		wrong("the histogram before has no +Inf")
	series = ""
}

# One after the other: all edges, _sum, _count.
function take_histogram(part, value,    key)
{
	key = family rest_labels
	if (part == "_bucket") {
		if (!("le" in label))
			wrong("a bucket without le")
		if (series != key) {
			end_series()
			series = key
			below = 0
			edge = -1
		}
		if (edge == "+Inf" || (label["le"] != "+Inf" && label["le"] + 0 <= edge + 0))
			wrong("edges do not rise")
		if (value + 0 < below + 0)
			wrong("counts fall")
		edge = label["le"]
		below = value
		if (edge == "+Inf") {
			infinite[key] = value
			end_series()
		}
	} else if (part == "_sum") {
		sums[key] = 1
	} else if (part == "_count") {
		if (!(key in infinite) || infinite[key] != value)
			wrong("the count is not that of +Inf")
		if (!(key in sums))
			wrong("a count without a sum before")
		counts[key] = 1
	} else {
		wrong("not a part of a histogram")
	}
}

function take_sample(    name, part, value, text)
{
	if (!match($0, /^[a-zA-Z_:][a-zA-Z0-9_:]*/))
		return wrong("no name")
	name = substr($0, 1, RLENGTH)
	text = substr($0, RLENGTH + 1)
	delete label
	rest_labels = ""
	if (text ~ /^[{]/) {
		value = take_labels(substr(text, 2))
		if (value == "")
			return wrong("labels")
	} else {
		if (text !~ /^ /)
			return wrong("no blank")
		value = substr(text, 2)
	}
	if (value !~ /^([0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?|\+Inf)$/)
		return wrong("a value, from 0")
	if ((name, rest_labels, label["le"]) in seen)
		wrong("twice")
	seen[name, rest_labels, label["le"]] = 1

	if (substr(name, 1, length(family)) != family || !typed)
		return wrong("a sample that is not of the family before")
	part = substr(name, length(family) + 1)
	if (type == "histogram")
		take_histogram(part, value)
	else if (part != "")
		wrong("a sample that is not of the family before")
	samples++
}

/^# HELP / {
	end_series()
	family = $3
	if (!is_name(family) || NF < 4)
		wrong("HELP wants a name and a text")
	if (family in families)
		wrong("a family twice")
	families[family] = 1
	typed = 0
	next
}

/^# TYPE / {
	type = $4
	if ($3 != family || typed || NF != 4)
		wrong("TYPE does not follow its HELP")
	if (type !~ /^(counter|gauge|histogram)$/)
		wrong("no such type")
	if (type == "counter" && family !~ /_total$/)
		wrong("a counter without _total")
	typed = 1
	next
}

/^#/ || /^$/	{ wrong("neither HELP, TYPE nor a sample"); next }
		{ take_sample() }

END {
	end_series()
	for (key in infinite)
		if (!(key in counts)) {
			print "a histogram without count: " key
			bad = 1
		}
	if (!samples) {
		print "no samples"
		bad = 1
	}
	exit bad
}
