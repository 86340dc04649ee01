# SPDX-License-Identifier: GPL-2.0
# The boot asked for mitigations: this kernel calls through retpolines
# machines: intel amd

file=/sys/devices/system/cpu/vulnerabilities/spectre_v2
note "spectre_v2: $(cat $file)"
matches "retpolines are on" $file "Retpolines"
