# SPDX-License-Identifier: GPL-2.0
# expect: SKIP, no such thing here
skip_all "no such thing here"
