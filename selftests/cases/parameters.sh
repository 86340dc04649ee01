# SPDX-License-Identifier: GPL-2.0
# Parameters out of range: the real errno and a sentence that names what is wrong
# machines: amd

refused() { # PARAMETER WANTED-IN-LOG
	dmesg -c >/dev/null
	said=$(kvmfault_load "$1" 2>&1)
	if [ -d /sys/module/kvmfault ]; then
		not_ok "$1 is refused" "it loaded"
		kvmfault_unload
		return
	fi
	case $said in
	*"Invalid argument"* | *"invalid parameter"*) ok "$1: EINVAL" ;;
	*) not_ok "$1: EINVAL" "$said" ;;
	esac
	if dmesg | grep -q "kvmfault: $2"; then
		ok "$1: the log says why"
	else
		not_ok "$1: the log says why" "$(dmesg | tail -n 1)"
	fi
}

refused maxactive=0 "maxactive=0 is out of range: it takes 1 to 65535"
refused maxactive=65536 "maxactive=65536 is out of range"
refused slots=3 "slots=3 is out of range: it takes 4 to 256"
refused slots=257 "slots=257 is out of range"
refused max_vms=0 "max_vms=0 is out of range: it takes 1 to 65536"
refused max_vms=65537 "max_vms=65537 is out of range"
refused engine=steam "engine=steam is refused: it takes kretprobe or direct"
refused hot=maybe "hot=maybe is refused: it takes Y or N"
refused recent=64 "recent=64 is refused"
refused stages=2 "stages=2 is refused: it takes Y or N"
refused stuck_repeats=7 "stuck_repeats=7 is refused: it takes 0, or 8 to 32767"
refused stuck_ms=never "stuck_ms=never is refused"
refused slots=many ".*invalid for parameter"

for good in maxactive=1 maxactive=65535 slots=4 slots=256 max_vms=1 \
	max_vms=65536 engine=kretprobe hot=Y recent=on hot recent stages; do
	kvmfault_load "$good"
	eq "$good is taken" "$?" 0
	kvmfault_unload
done
