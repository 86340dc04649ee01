# SPDX-License-Identifier: GPL-2.0
# What happens on the demo's hypervisor.
# machines: intel amd

LINES_SHOWN=20
FILES=/sys/kernel/debug/kvmfault

# typed COMMAND...: as a person would have typed it
typed()
{
	echo
	echo "# $*"
}

# A table in columns. Long ones are cut short, and say so.
aligned()
{
	head -n $LINES_SHOWN "$1" | awk '
		{
			line[NR] = $0
			for (i = 1; i <= NF; i++)
				if (length($i) > width[i])
					width[i] = length($i)
		}
		END {
			for (n = 1; n <= NR; n++) {
				count = split(line[n], cell, " ")
				for (i = 1; i < count; i++)
					printf "%-" width[i] "s ", cell[i]
				print cell[count]
			}
		}'
	more=$(($(wc -l < "$1") - LINES_SHOWN))
	[ $more -le 0 ] || echo "... $more lines more"
}

start_linux()
{
	qemu-system-x86_64 -name debian,debug-threads=on -accel kvm -cpu host \
		-M pc -m 192 -nodefaults -vga none -display none \
		-kernel /inner/vmlinux -initrd /inner/initramfs \
		-append "console=ttyS0 loglevel=4 cryptomgr.notests" \
		-serial stdio -monitor none < /dev/null 2>&1 |
	while IFS= read -r line; do
		echo "debian: $line"
		echo "$line" >> /tmp/linux.log
	done &
}

# start_counting NAME ARGS...
start_counting()
{
	local name=$1

	shift
	kvmfault-guest --name "$name" "$@" --hold < /dev/null > "/tmp/$name.log" 2>&1 &
}

# Up, or never to be: its console ends with it.
linux_is_up()
{
	grep -qs "guest is up" /tmp/linux.log || ! pidof qemu-system-x86_64 > /dev/null
}

is_in_log()
{
	grep -q "$1" "/tmp/$2.log"
}

typed insmod kvmfault.ko
kvmfault_load
ok "the module loads"

echo
echo "Three guests are started:"
echo "debian    Linux under qemu-system-x86_64, which boots and writes 20 MB"
start_linux
echo "memory    writes 6000 fresh pages, and 10 times to a device"
start_counting memory --pages 6000 --mmio 10
echo "device    writes 50 fresh pages, and 4000 times to a device"
start_counting device --pages 50 --mmio 4000
check "memory has done its work" wait_until 600 is_in_log "^hold " memory
check "device has done its work" wait_until 600 is_in_log "^hold " device
wait_until 900 linux_is_up
check "Linux is up" is_in_log "guest is up" linux

typed cat $FILES/summary
cat $FILES/summary
shown=summary
for file in vms vcpus latency $(ls $FILES); do
	case " $shown " in
	*" $file "*)	continue ;;
	esac
	shown="$shown $file"
	typed "column -t $FILES/$file"
	aligned $FILES/$file
done

cat $FILES/* > /dev/null
eq "cat of all files ends well" $? 0
killall -KILL qemu-system-x86_64
