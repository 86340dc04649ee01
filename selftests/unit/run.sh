#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run test programs that print KTAP, each as one subtest.
#
#   run.sh PROGRAM...
#
# What a program exits with decides, not what it printed: one that crashes
# half way has no failed line to show.

set -u

number=0
failed=0

run() {
	local name=${1##*/} status

	number=$((number + 1))
	echo "  # Subtest: $name"
	"$1" 2>&1 | sed 's/^/  /'
	status=${PIPESTATUS[0]}
	if [ "$status" -eq 0 ]; then
		echo "ok $number $name"
	else
		failed=$((failed + 1))
		echo "not ok $number $name # exit status $status"
	fi
}

echo "KTAP version 1"
echo "1..$#"
for program in "$@"; do
	run "$program"
done
echo "# pass:$((number - failed)) fail:$failed"
[ "$failed" -eq 0 ]
