# SPDX-License-Identifier: GPL-2.0
# expect: machine, hang: stopped, for it was silent
# timeout: 12
ok "all is well before the hang"
sleep 100000
