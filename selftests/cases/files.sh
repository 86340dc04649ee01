# SPDX-License-Identifier: GPL-2.0
# The files: who may read them, that they end, and their form
# machines: intel amd

kvmfault_load hot recent stages
guest --scene async --pages 5 > /dev/null
guest_hold --pages 13 --mmio 3

cat "$KVMFAULT_DIR"/* >/dev/null
eq "cat of all files ends well" "$?" 0
eq "the files" "$(ls "$KVMFAULT_DIR" | tr '\n' ' ')" \
	"async causes faults histogram hot latency memslots probes recent setup shadow stages stuck summary threads vcpus vms "
for file in "$KVMFAULT_DIR"/*; do
	eq "mode of ${file##*/}" "$(stat -c %a "$file")" 400
	if echo 0 2>/dev/null >"$file"; then
		not_ok "${file##*/} cannot be written"
	else
		ok "${file##*/} cannot be written"
	fi
done

header() { # FILE COLUMNS
	eq "columns of $1" "$(head -n 1 "$KVMFAULT_DIR/$1")" "$2"
}
header probes "probe engine state hits missed symbol"
header vms "vm pid state vcpus violation misconfig tdp retry userspace p50_ns p99_ns max_ns shadow comm"
header vcpus "vm vcpu violation misconfig tdp retry shadow max_ns"
header latency "vm class count sum_ns min_ns p50_ns p90_ns p99_ns p999_ns userspace failed max_ns"
header histogram "vm class from_ns to_ns count"
header faults "vm access cause outcome level count class guest sum_ns"
header shadow "vm count nested injected reflected writes syncs invlpg cr3 roots pages"
header hot "vm rank gpa size access count error rip"
header async "vm vcpu setup delivered halted completed ready cancelled repeated outstanding oldest_ns sum_ns p50_ns p99_ns max_ns"
header stages "vm stage of state count sum_ns p50_ns p99_ns max_ns"
header causes "vm cause count sum_ns p50_ns p99_ns max_ns"
header setup "vm memslots pages vcpus tdp_tables shadow_tables maps_4k maps_2m maps_1g maps_large private root_loads"
header memslots "vm as slot gpa_from gpa_to hva_from hva_to pages flags"
header threads "vm vcpu tid cpu"
header recent "time_ns vm vcpu class gpa access cause outcome level duration_ns gva rip hva pfn slot cpu pid guest comm"

for table in probes vms vcpus latency histogram faults hot recent \
	async stages causes setup memslots threads; do
	eq "every row of $table has all columns" \
		"$(awk 'NR == 1 { n = NF; text = $NF == "comm" }
			NF < n || NF > n && !text' "$KVMFAULT_DIR/$table")" ""
done
eq "rows of latency" "$(tail -n +2 "$KVMFAULT_DIR/latency" | wc -l)" 6

# One byte at a time is the same file; the faults of the guest are over.
eq "a file read byte by byte" \
	"$(dd if="$KVMFAULT_DIR/histogram" bs=1 2>/dev/null | md5sum)" \
	"$(md5sum <"$KVMFAULT_DIR/histogram")"

# Kernel addresses stay in the kernel.
if grep -qE 'ffff[0-9a-f]{12}' "$KVMFAULT_DIR"/*; then
	not_ok "no kernel address is shown"
else
	ok "no kernel address is shown"
fi
matches "summary says what a time is" "$KVMFAULT_DIR/summary" "sleep"
guest_release
