# SPDX-License-Identifier: GPL-2.0
# expect: machine, the kernel said, unheard: .*BUG: fake
# A console that shows nothing does not hide a splat.
echo 1 > /proc/sys/kernel/printk
echo "<4>BUG: fake" > /dev/kmsg
ok "all is well, says the case"
