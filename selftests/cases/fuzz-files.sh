# SPDX-License-Identifier: GPL-2.0
# Files read at every offset and size, and parameters that are anything: what is
# read is a piece of the file, and what is refused is refused
# machines: amd

kvmfault_load
guest_hold --pages 40 --mmio 6 --vcpus 3

# piece FILE OFFSET SIZE: by one read, as a program with a mind of its own would.
piece()
{
	dd if="$1" bs="$3" skip="$2" iflag=skip_bytes count=1 2>/dev/null | md5sum
}

# The guest is at rest, so a file is the same each time but for what is told of
# the time.
for name in probes vms vcpus latency histogram faults; do
	file=$KVMFAULT_DIR/$name
	cat "$file" > /tmp/whole
	size=$(wc -c < /tmp/whole)
	wrong=0
	offset=0
	while [ $offset -le $((size + 2)) ]; do
		for part in 1 7 4096; do
			[ "$(piece "$file" $offset $part)" = \
				"$(piece /tmp/whole $offset $part)" ] ||
				wrong=$((wrong + 1))
		done
		offset=$((offset + ${KVMFAULT_STRIDE:-97}))
	done
	eq "$name: read from any offset, any size" "$wrong" 0
done
for offset in 9223372036854775807 9223372036854775000 4294967296; do
	eq "nothing stands at $offset" \
		"$(piece "$KVMFAULT_DIR/vms" $offset 16)" "$(md5sum < /dev/null)"
done
guest_release
kvmfault_unload

# Any value of any parameter: it loads and unloads, or says EINVAL.
for parameter in maxactive slots max_vms plain_symbols engine nonsense; do
	for value in "" 0 -1 1 4294967295 4294967296 18446744073709551616 0x10 \
		1e3 yes '%s%s%n' '/../../x' kretprobe 'kretprobe,direct' \
		"$(printf 'a%.0s' $(seq 200))"; do
		said=$(insmod /kvmfault.ko "$parameter=$value" 2>&1)
		if lab_is_loaded kvmfault; then
			rmmod kvmfault || not_ok "$parameter=$value" "it stays"
			continue
		fi
		case $said in
		*"Invalid argument"*|*"invalid parameter"*|*"umerical result"*|\
		*"No such file"*|*"nknown symbol"*|*"out of range"*)	;;
		*)	not_ok "$parameter=$value" "$said" ;;
		esac
	done
	ok "any value of $parameter"
done

# Written while it is loaded, by root and by anybody.
kvmfault_load
control=/sys/module/kvmfault/parameters/engine
for value in "" 0 none "kretprobe kretprobe" "$(printf 'b%.0s' $(seq 4000))"; do
	if echo "$value" 2>/dev/null > $control; then
		not_ok "engine is not '$value'" "it was taken"
	fi
done
eq "the engine is what it was" "$(cat $control)" kretprobe
for file in /sys/module/kvmfault/parameters/* "$KVMFAULT_DIR"/*; do
	case $file in
	*/engine|*/hot|*/recent|*/stages|*/stuck_*)	;;
	*)	if echo 1 2>/dev/null > "$file"; then
			not_ok "${file##*/} cannot be written"
		fi ;;
	esac
done
for name in hot recent stages stuck_ms stuck_repeats; do
	file=/sys/module/kvmfault/parameters/$name
	before=$(cat "$file")
	for value in "" what -1 99999999999; do
		if echo "$value" 2>/dev/null > "$file"; then
			not_ok "$name is not '$value'" "it was taken"
		fi
	done
	eq "$name is what it was" "$(cat "$file")" "$before"
done
guest --pages 12
expect_of --pages 12
eq "it counts as before" "$(cell vms vm=0 tdp)" "$(expected tdp)"
