# SPDX-License-Identifier: GPL-2.0
# Loaded and unloaded again and again under running guests, with either engine,
# while files are read and parameters written: nothing breaks, and the memory is back
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest selftests/lab/storm.sh:/storm.sh
. /storm.sh

# On the kernel's command line, KVMFAULT_LOADS=1000 makes it a thousand.
loads=${KVMFAULT_LOADS:-8}

cycle()
{
	case $(($1 % 4)) in
	0)	kvmfault_load ;;
	1)	kvmfault_load slots=4 maxactive=16 max_vms=2 hot=Y stages=Y ;;
	2)	kvmfault_load engine=direct recent=Y ;;
	3)	kvmfault_load && echo direct > $control ;;
	esac || return 1
	cat "$KVMFAULT_DIR"/* > /dev/null
	[ "$(sum vms - tdp)" -eq 0 ] || saw=$((saw + 1))
	[ $(($1 % 4)) -lt 2 ] || echo kretprobe > $control || return 1
	unload
}

# A dump that a reader is half through holds the module.
unload()
{
	local tries=0

	until rmmod kvmfault 2>/tmp/rmmod; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.05
	done
}

storm()
{
	local round=0

	while [ $round -lt "$loads" ]; do
		cycle $round || return 1
		round=$((round + 1))
		progress $round loads
	done
}

# put NAME VALUE: which is refused while the module is not there.
put()
{
	echo "$2" > $parameters/$1 && : > /tmp/put.$1
}

# They can be written before the module is ready, and until it is gone. While stages
# are switched who loads has to wait: once in a while.
write_parameters()
{
	local round=0

	while [ -e /tmp/writers ]; do
		round=$((round + 1))
		for name in stuck_ms stuck_repeats; do
			put $name 64
		done
		for value in Y N; do
			put recent $value
			[ $((round % 16)) -ne 1 ] || put stages $value
		done
		put engine kretprobe
		usleep 5000
	done 2> /dev/null
}

parameters=/sys/module/kvmfault/parameters
control=$parameters/engine
start_guests()
{
	guest_start --pages 100 --mmio 10 --vcpus 2 --rounds 100000 --parallel 2
	sleep 1
}

# Under guests once, so that what stays for good is there.
start_guests
cycle 0
cycle 2
guest_stop
before=$(memory_kb)
start_guests
saw=0
touch /tmp/writers
write_parameters &
writer=$!
readers_start
check "$loads cycles under running guests" ahead storm
check "they run to the end" guest_runs
note "faults were seen in $saw of $loads"
gt "faults were seen" "$saw" $((loads / 4))
rm -f /tmp/writers
wait $writer
eq "each parameter was written" "$(ls /tmp/put.* | sed 's/.*put\.//' | tr '\n' ' ')" \
	"engine recent stages stuck_ms stuck_repeats "
readers_stop
guest_stop
memory_back "$before"

kvmfault_load
exact_after_it --pages 33 --mmio 4
