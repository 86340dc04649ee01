# SPDX-License-Identifier: GPL-2.0
# A guest that faults as fast as it can: it costs so much per fault, and has nothing
# printed and no memory taken
# machines: intel amd

# On the kernel's command line: fresh pages.
pages=${KVMFAULT_FLOOD:-6000}
rounds=4

# In hundredths of a second.
uptime()
{
	cut -d ' ' -f 1 /proc/uptime | tr -d .
}

# flood: sets took, for a guest that does nothing but fault.
flood()
{
	local begun

	begun=$(uptime)
	guest --pages "$pages" --rounds $rounds --mmio 5 > /dev/null
	took=$(($(uptime) - begun))
}

flood
flood
without=$took
kvmfault_load
guest --pages 64 > /dev/null
before=$(bytes_taken)
said=$(kernel_log | grep -c kvmfault)
flood
with=$took
expect_of --pages "$pages" --rounds $rounds --mmio 5
eq "all are counted" "$(($(cell vms vm=0 tdp) - 68))" "$(expected tdp)"
eq "nothing is missed" "$(sum probes - missed)" 0
eq "nothing is printed" "$(kernel_log | grep -c kvmfault)" "$said"
le "no memory is taken" "$(bytes_taken)" "$before"
note "$(expected tdp) faults in ${without}0 ms without, in ${with}0 ms with kvmfault"
# There time is instructions; elsewhere it is whatever the host has to spare.
[ "$(kvm_vendor)" != kvm_intel ] ||
	le "it is hardly slower for it" $((with * 100)) $((without * 125))

# With all that can be switched on, it costs more, but as little memory.
for name in hot recent; do
	echo Y > /sys/module/kvmfault/parameters/$name
done
guest --pages 64 > /dev/null
before=$(bytes_taken)
flood
note "with hot and recent in ${took}0 ms"
eq "with hot and recent: all are counted" \
	"$(($(cell vms vm=0 tdp) - 2 * 68))" "$((2 * $(expected tdp)))"
le "with hot and recent: no memory is taken" "$(bytes_taken)" "$before"
eq "with hot and recent: nothing is printed" "$(kernel_log | grep -c kvmfault)" "$said"
