# SPDX-License-Identifier: GPL-2.0
#
# The verdict over one boot, as KTAP. Reads the verdict channel (with file=1
# before its name) and the console's log (file=2); exits 0 (passed), 1 (failed) or 4 (nothing could be tried).
#
#	-v token=TOKEN	what a line of the verdict channel must begin with
#	-v cases=NAMES	the cases in order, blanks between
#	-v machine=NAME	for the names of the results
#	-v how=HOW	how the emulator came to its end: off, time, panic
#	-v splats=FILE	expressions for what the kernel must not say
#
# A case passes if it said so itself, its plan is kept, and the kernel kept
# quiet during it. The last result is the machine's: it must have told its end
# with the token and switched itself off.

function fail(name, why)
{
	if (!(name in failure))
		failure[name] = why
}

function is_splat(line,		i)
{
	for (i = 1; i <= nsplats; i++)
		if (line ~ splat[i])
			return 1
	return 0
}

# One line of a case: count its results, and make all else a comment.
function case_line(name, line)
{
	if (line ~ /^(not )?ok [0-9]+/) {
		results[name]++
		if (line ~ /^not ok/)
			failed[name]++
		else if (line ~ /# SKIP/)
			skipped[name]++
	} else if (line ~ /^1\.\.[0-9]+/) {
		plan[name] = substr(line, 4) + 0
		if (sub(/.*# SKIP ?/, "", line))
			reason[name] = line
		line = "1.." plan[name]
	} else if (line !~ /^(KTAP version|#)/) {
		line = "# " line
	}
	said[name] = said[name] "    " line "\n"
}

function verdict_line(line,	word)
{
	split(line, word, " ")
	if (line ~ /^\| ?/ && running != "") {
		sub(/^\| ?/, "", line)
		case_line(running, line)
	} else if (word[1] == "hello") {
		hello = 1
		print "# " machine ": Linux " word[2] ", CPUs: " word[3]
	} else if (word[1] == "case") {
		running = word[2]
		begun[running] = 1
	} else if (word[1] == "done") {
		ended[word[2]] = 1
		status[word[2]] = word[3]
		running = ""
	} else if (word[1] == "splat") {
		unheard = "the kernel said, unheard: " substr(line, 7)
	} else if (word[1] == "end") {
		end = 1
	}
}

# The kernel's own marks tell which case a line of the console belongs to.
function console_line(line,	name)
{
	if (line ~ /lab: case [^ ]+ (begins|ends)$/) {
		name = line
		sub(/.*lab: case /, "", name)
		section = name ~ / begins$/ ? name : ""
		sub(/ (begins|ends)$/, "", section)
	} else if (is_splat(line)) {
		sub(/^\[ *[0-9.]+\] /, "", line)
		fail(section, "the kernel said: " line)
		heard = 1
	} else if (line ~ /reboot: Power down/) {
		powered_off = 1
	}
}

function judge_case(name)
{
	if (!(name in begun))
		fail(name, "never begun")
	else if (!(name in ended))
		fail(name, how == "time" ? "hang: nothing was heard of it any more" : \
			   "panic or lost machine: its end was never told")
	else if (name in failed)
		fail(name, failed[name] " of its results failed")
	else if (status[name] == 4 && name in reason)
		whole[name] = 1
	else if (status[name] != 0)
		fail(name, "ended with exit status " status[name])
	else if (!(name in plan) || plan[name] != results[name])
		fail(name, "its plan was not kept")
	else if (!results[name])
		fail(name, "it checked nothing")
}

function judge_machine()
{
	if (how == "panic")
		fail("", "the kernel panicked")
	else if (how == "time")
		fail("", "hang: stopped, for it was silent")
	else if (!hello)
		fail("", "it never came up")
	else if (!end)
		fail("", "hang or panic: the closing line with the token is missing")
	else if (unheard != "" && !heard)
		fail("", unheard)
	else if (!powered_off)
		fail("", "it did not switch itself off")
}

function result(number, name, key)
{
	if (key in failure) {
		print "not ok " number " " name
		print "# " name ": " failure[key]
		bad++
	} else if (key in whole) {
		print "ok " number " " name " # SKIP " reason[key]
	} else {
		print "ok " number " " name
		if (key != "")
			good++
	}
}

BEGIN {
	while ((getline line < splats) > 0)
		splat[++nsplats] = line
	if (!nsplats) {
		print "Bail out! no expressions in " splats
		exit bad = 1
	}
	count = split(cases, names, " ")
	print "KTAP version 1"
	print "1.." count + 1
	# No name: the machine itself.
	section = running = ""
}

{
	sub(/\r$/, "")
}

file == 1 && index($0, token " ") == 1 {
	verdict_line(substr($0, length(token) + 2))
}

file == 2 {
	console_line($0)
}

END {
	if (!nsplats)
		exit 1
	judge_machine()
	for (i = 1; i <= count; i++) {
		judge_case(names[i])
		printf "%s", said[names[i]]
		result(i, machine " " names[i], names[i])
	}
	result(count + 1, machine " machine", "")
	exit bad ? 1 : good ? 0 : 4
}
