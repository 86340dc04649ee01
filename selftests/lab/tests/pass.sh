# SPDX-License-Identifier: GPL-2.0
# expect: ok
check "KVM is loaded" [ -c /dev/kvm ]
check_fails "kvmfault is not" [ -d /sys/module/kvmfault ]
echo "a word on stdout is no result"
( ok "a result of a subshell counts" )
