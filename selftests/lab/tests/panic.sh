# SPDX-License-Identifier: GPL-2.0
# expect: machine, the kernel panicked
ok "all is well before the panic"
echo c > /proc/sysrq-trigger
