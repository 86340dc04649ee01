# SPDX-License-Identifier: GPL-2.0
# expect: not ok, it checked nothing
true
