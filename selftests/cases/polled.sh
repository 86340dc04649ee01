# SPDX-License-Identifier: GPL-2.0
# Whoever reads about probes, or a parameter, does not wait for them to be placed. A
# thread that polls for its process, which has ended, waits for the reader; it neither
# sleeps nor leaves the kernel, for which the engine waits; and that would be for ever
# machines: amd
# needs: cpus=2
# files: selftests/files/polled
parameters=/sys/module/kvmfault/parameters
control=$parameters/engine

switch()
{
	while [ ! -e /tmp/enough ]; do
		echo direct > $control
		echo kretprobe > $control
		echo x >> /tmp/switched
	done
}

kvmfault_load
polled $KVMFAULT_DIR/probes 0 > /dev/null
[ $? -ne 4 ] || skip_all "this kernel has no io_uring"
: > /tmp/switched
switch &
switcher=$!
for file in $KVMFAULT_DIR/probes $KVMFAULT_DIR/summary $parameters/recent; do
	before=$(wc -l < /tmp/switched)
	readers=$(polled $file 5)
	name=$(basename $file)
	note "$readers readers of $name, and $(($(wc -l < /tmp/switched) - before)) times there and back"
	gt "$name was asked for" "$readers" 10
	gt "while engines were switched" "$(wc -l < /tmp/switched)" "$before"
done
touch /tmp/enough
check "who switches comes to an end" wait_until 60 eval "! runs $switcher"
exact_after_it --pages 29 --mmio 3
kvmfault_unload
eq "it unloads" "$?" 0
