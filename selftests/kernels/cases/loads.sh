# SPDX-License-Identifier: GPL-2.0
# The module loads, every probe finds its function, and it unloads
# machines: intel amd

kvmfault_load
eq "it loads" "$?" 0
eq "every probe is armed" "$(pick probes - state | sort -u)" armed
eq "it has nothing to complain of" \
	"$(kernel_log | grep 'kvmfault: ' | grep -iE 'cannot|has no|past it')" ""
kvmfault_unload
eq "it unloads" "$?" 0
