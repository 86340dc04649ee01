# SPDX-License-Identifier: GPL-2.0
#
# What every program of the lab shares: where things are, and how to speak.
# To be sourced by bash.

# What is said to our make is not meant for those that we run, and names files that
# they do not have.
unset MAKEFLAGS MFLAGS MAKELEVEL

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$LAB/../.." && pwd)
SELFTESTS=$TOP/selftests

# Everything downloaded or built lies here; deleting it costs only time.
CACHE=${KVMFAULT_CACHE:-$LAB/cache}

# The kernel selftests' number for "could not be tried".
EXIT_SKIP=4

# say TEXT...: progress, for a person. KTAP alone goes to stdout.
say()
{
	printf '# %s\n' "$*" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# is_in WORD LIST: of words with one blank between them.
is_in()
{
	case " $2 " in
	*" $1 "*)	return 0 ;;
	*)		return 1 ;;
	esac
}

# need PROGRAM...: name the missing program before anything obscure happens.
need()
{
	local program

	for program in "$@"; do
		command -v "$program" >/dev/null ||
			die "$program is not installed; run selftests/lab/setup test"
	done
}

# locked NAME COMMAND...: several labs share one cache, so whoever fills a part
# of it must be alone.
locked()
{
	local name=$1

	shift
	mkdir -p "$CACHE" || die "cannot create $CACHE"
	(
		flock 9 || die "cannot lock $CACHE/$name.lock"
		"$@"
	) 9>"$CACHE/$name.lock"
}

# kernel_version ROOT: the version of the kernel that lies in a root folder.
kernel_version()
{
	local image

	image=$(cd "$1/boot" 2>/dev/null && ls -d vmlinuz-* 2>/dev/null |
		sort -V | tail -n 1)
	[ -n "$image" ] || die "no boot/vmlinuz-* in $1"
	echo "${image#vmlinuz-}"
}

# find_case NAME: the file of a case, which may be named without its path.
find_case()
{
	local file

	for file in "$1" "$SELFTESTS/cases/$1" "$SELFTESTS/cases/$1.sh"; do
		if [ -f "$file" ]; then
			echo "$file"
			return
		fi
	done
	die "no case $1"
}

# case_header CASE KEY: what a case's header comment says under a key.
case_header()
{
	sed -n "s/^# $2: *//p" "$1" | tr '\n' ' '
}

# case_cpus CASE: how many CPUs it needs.
case_cpus()
{
	local cpus

	cpus=$(case_header "$1" needs | sed -n 's/.*cpus=\([0-9]*\).*/\1/p')
	echo "${cpus:-1}"
}

# case_is_for CASE MACHINE: all are for the host machine, which is of either kind.
case_is_for()
{
	local machines

	machines=$(case_header "$1" machines)
	is_in "$2" "${machines:-$2} host"
}

# attended COMMAND...: run it, and when a signal comes, end it before ourselves.
# A shell that waits for a program in the foreground hears no signal until the
# program has ended, which for a booted machine may be many minutes.
attended()
{
	local child status

	"$@" &
	child=$!
	trap 'kill "$child" 2>/dev/null; wait "$child"; exit 1' INT TERM HUP
	wait "$child"
	status=$?
	trap - INT TERM HUP
	return $status
}
