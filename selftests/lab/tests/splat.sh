# SPDX-License-Identifier: GPL-2.0
# expect: not ok, the kernel said: WARNING: fake
echo "<4>WARNING: fake" > /dev/kmsg
ok "all is well, says the case"
