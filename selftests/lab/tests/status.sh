# SPDX-License-Identifier: GPL-2.0
# expect: not ok, ended with exit status 3
ok "all is well so far"
exit 3
