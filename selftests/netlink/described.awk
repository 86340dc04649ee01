# SPDX-License-Identifier: GPL-2.0
#
# What is wrong with a description for syzkaller: awk -f described.awk HAS FILE
#
# HAS is what the module has: each request, followed by its attributes, with
# LEAST:MOST if there are bounds, and as "LIST NAME" what is in lists of names.
# Prints a line for each that FILE lacks or has too many, and for brackets that
# do not match.

function wrong(what)
{
	print FILENAME ": " what
	status = 1
}

# The word before the first bracket that closes: a type, or bounds.
function inner(line)
{
	sub(/\].*/, "", line)
	sub(/.*[[ ]/, "", line)
	return line
}

function end_of_block()
{
	if (block != "")
		wrong(block " is not closed")
	block = ""
}

FNR == NR && /^KVMFAULT_CMD_/ {
	request[++requests] = $1
	next
}

FNR == NR && /^KVMFAULT_A_/ {
	i = ++attributes[request[requests]]
	attribute[request[requests], i] = $1
	bounds[$1] = $2
	next
}

FNR == NR {
	value[$1, $2]
	next
}

/^#/ {
	next
}

/^[a-z_]+ \[$/ {
	end_of_block()
	block = $1
	defined[block]
	next
}

/^\]/ {
	if (block == "")
		wrong("line " FNR " closes nothing")
	block = ""
	next
}

/^[a-z]/ {
	end_of_block()
}

{
	line = $0
	if (gsub(/\[/, "", line) != gsub(/\]/, "", line))
		wrong("brackets do not match in: " $0)
}

/^sendmsg\$/ {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*\$/, "", name)
	if (!index($0, "msghdr_kvmfault[" name ", "))
		wrong(name " is another request by name than in the message")
	type[name] = inner($0)
	used[type[name]]
}

block != "" {
	used[inner($0)]
}

/^\tKVMFAULT_A_/ {
	if (!index($2, "nlattr[" $1 ","))
		wrong($1 " is another attribute by name than by number")
	if (bounds[$1] != "" && inner($0) != bounds[$1])
		wrong($1 " is " inner($0) ", not " bounds[$1])
	has[block, $1]
}

/^[a-z_]+ = "/ {
	defined[$1]
	count = split($0, word, "\"")
	for (i = 2; i <= count; i += 2)
		named[$1, word[i]]
}

END {
	end_of_block()
	for (i = 1; i <= requests; i++) {
		name = request[i]
		known[name]
		if (!(name in type)) {
			wrong("no " name)
			continue
		}
		for (j = 1; j <= attributes[name]; j++) {
			taken[type[name], attribute[name, j]]
			if (!((type[name], attribute[name, j]) in has))
				wrong("no " attribute[name, j] " in " type[name])
		}
	}
	for (name in type)
		if (!(name in known))
			wrong("there is no request " name)
	for (pair in has)
		if (!(pair in taken)) {
			split(pair, word, SUBSEP)
			wrong("no request with " word[1] " takes " word[2])
		}
	for (pair in value)
		if (!(pair in named)) {
			split(pair, word, SUBSEP)
			wrong("no " word[2] " in " word[1])
		}
	for (pair in named)
		if (!(pair in value)) {
			split(pair, word, SUBSEP)
			wrong("there is no " word[2] ", but in " word[1])
		}
	for (name in used)
		if (name ~ /^kvmfault_/ && !(name in defined))
			wrong("there is no type " name)
	for (name in defined)
		if (!(name in used))
			wrong("nobody uses " name)
	exit status
}
