#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# probe.sh CONFIG KERNELRELEASE COMPILER FLAGS...
#
# Writes CONFIG, a header with HAVE_NAME for each probe/NAME.c that compiles
# against the kernel. A probe is a few lines that use the feature, and nothing
# that could fail for another reason: a failure means that the feature is not
# there. sanity.c must compile, or the tools are broken and every answer wrong.

config=$1
release=$2
shift 2

dir=$(dirname "$0")/probe
log=$config.log

compiles() {
	"$@" -Werror -DMODULE -DKBUILD_MODNAME='"kvmfault"' \
		-DKBUILD_BASENAME='"probe"' -fsyntax-only "$file" >>"$log" 2>&1
}

name_of() {
	basename "$1" .c | tr '[:lower:]' '[:upper:]'
}

: >"$log"
file=$dir/sanity.c
if ! compiles "$@"; then
	cat "$log" >&2
	echo "kvmfault: cannot compile against the headers of kernel $release: are they complete, and is this the compiler they want?" >&2
	exit 1
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
