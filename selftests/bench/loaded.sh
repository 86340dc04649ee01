# SPDX-License-Identifier: GPL-2.0
# Memory right after loading, to tell by two boots what a possible CPU takes
# machines: amd intel

kvmfault_load
note "memory possible_cpus $(($(sed 's/.*-//' /sys/devices/system/cpu/possible) + 1))"
note "memory loaded_bytes $(awk '$1 == "memory" { print $2 }' $KVMFAULT_DIR/summary)"
ok "loaded"
