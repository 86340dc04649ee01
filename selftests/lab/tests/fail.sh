# SPDX-License-Identifier: GPL-2.0
# expect: not ok, 1 of its results failed
ok "this is well"
eq "this is not" 1 2
