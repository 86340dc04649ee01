#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# probe.sh CONFIG KERNELRELEASE PROBES COMPILER FLAGS...
#
# Writes CONFIG, a header with HAVE_NAME for each probe/NAME.c that compiles
# against the kernel. A probe is a few lines that use the feature, and nothing
# that could fail for another reason: a failure means that the feature is not
# there. sanity.c must compile, or the tools are broken and every answer wrong.
#
# A name that the code asks for and no probe answers would read as a feature
# that no kernel has, so that is an error. PROBES, a list, is only there for
# the caller's command to change when a probe comes or goes.

config=$1
release=$2
shift 3

compat=$(dirname "$0")
dir=$compat/probe
log=$config.log

compiles() {
	"$@" -Werror -DMODULE -DKBUILD_MODNAME='"kvmfault"' \
		-DKBUILD_BASENAME='"probe"' -fsyntax-only "$file" >>"$log" 2>&1
}

fail() {
	echo "kvmfault: $*" >&2
	exit 1
}

# Each name that the code asks for, after the file that does.
asked() {
	(cd "$compat/../.." &&
		grep -oE '(defined\(|ifn?def )HAVE_[A-Z0-9_]+' \
			include/compat/*.h module/*.[ch]) |
		sed 's/:.*HAVE_/ /' | sort -u
}

probe_of() {
	echo "$1" | tr '[:upper:]' '[:lower:]'
}

name_of() {
	basename "$1" .c | tr '[:lower:]' '[:upper:]'
}

[ -e "$dir/sanity.c" ] ||
	fail "include/compat/probe/sanity.c is missing: without it no answer of the other probes can be trusted"

asked | while read -r file name; do
	[ -e "$dir/$(probe_of "$name").c" ] ||
		fail "$file asks for HAVE_$name, but include/compat/probe/$(probe_of "$name").c, which finds out about it, is missing"
done || exit 1

: >"$log"
file=$dir/sanity.c
if ! compiles "$@"; then
	cat "$log" >&2
	fail "cannot compile against the headers of kernel $release: are they complete, and is this the compiler they want?"
fi

{
	echo "/* Found by include/compat/probe.sh for kernel $release. */"
	for file in "$dir"/*.c; do
		[ "$file" = "$dir/sanity.c" ] && continue
		if compiles "$@"; then
			echo "#define HAVE_$(name_of "$file") 1"
		else
			echo "/* no $(name_of "$file") */"
		fi
	done
} >"$config.tmp" && mv "$config.tmp" "$config"
rm -f "$log"
