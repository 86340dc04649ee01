# SPDX-License-Identifier: GPL-2.0
# expect: ok
# timeout: 12
# Longer than that, and never silent for so long.
for n in 1 2 3 4; do
	sleep 4
	note "so far: $n"
done
ok "it came to its end"
