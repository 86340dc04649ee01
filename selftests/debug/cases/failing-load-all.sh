# SPDX-License-Identifier: GPL-2.0
# Memory fails the module while it is loaded with all that can be switched on, as in
# failing-load
# machines: amd
# memory: 2048
# files: selftests/netlink/nltest selftests/debug/nth/lib.sh:/nth.sh selftests/debug/nth/load.sh:/load.sh
. /nth.sh
fail_ready
. /load.sh

failing_load hot=Y recent=Y stages=Y engine=direct

kvmfault_load
exact_after_it --pages 37 --mmio 9
