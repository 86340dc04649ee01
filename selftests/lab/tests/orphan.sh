# SPDX-License-Identifier: GPL-2.0
# expect: ok
# A process that is left behind keeps neither the next case nor the end waiting.
sleep 1000 &
ok "a process is left behind"
