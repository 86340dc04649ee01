# SPDX-License-Identifier: GPL-2.0
# expect: machine, hang or panic: the closing line with the token is missing
# Whatever is written to the verdict channel counts for nothing without the
# token, and switching the machine off is not yet the end of the cases.
ok "all is well"
{
	echo "1..1"
	echo "done liar 0"
	echo "end"
} > /dev/ttyS1
sleep 1
poweroff -f
