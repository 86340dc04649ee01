# SPDX-License-Identifier: GPL-2.0
#
# For cases that go on for long: what runs beside, and what memory it leaves.
# Sourced by them, after nothing.
#
#	readers_start		read every file and every dump, over and over
#	readers_stop		and checks that each reader was answered, and that all
#				of them still answer
#	progress N WHAT		how far it is, at most every PROGRESS_SECONDS: who is
#				silent for longer than a case may be is stopped
#	memory_kb		what slabs and vmalloc take, and percpu memory, once all
#				that waits for a grace period is over
#	memory_back BEFORE	checks: not more than before, but for what the
#				machine itself comes to use

READERS_LEFT=/tmp/readers
PROGRESS_SECONDS=30

# What the allocators keep for themselves comes and goes by this much. KASAN keeps
# a 32nd of the memory from being used again; there kmemleak looks for leaks.
MEMORY_SLACK_KB=${MEMORY_SLACK_KB:-2048}
[ ! -e /sys/kernel/debug/kmemleak ] ||
	MEMORY_SLACK_KB=$(awk '/^MemTotal:/ { print int($2 / 32) }' /proc/meminfo)

# kmemleak knows nothing of leaks of percpu memory, and KASAN keeps none of it.
PERCPU_SLACK_KB=${PERCPU_SLACK_KB:-64}

# It may have gone, or be half way: who reads is refused then.
read_all()
{
	local file dump

	for file in "$KVMFAULT_DIR"/*; do
		! cat "$file" || files_read=$((files_read + 1))
		dd if="$file" bs=13 count=40
	done
	for dump in $(nltest dumps); do
		! nltest dump $dump || dumps_read=$((dumps_read + 1))
		nltest -b 4096 dump $dump
	done
	nltest do info-get
} > /dev/null 2>&1

reader()
{
	files_read=0 dumps_read=0
	while [ -e $READERS_LEFT ]; do
		read_all
	done
	echo $files_read $dumps_read > $READERS_LEFT.$1
}

readers_start()
{
	local reader

	touch $READERS_LEFT
	readers=
	for reader in 1 2; do
		reader $reader &
		readers="$readers $!"
	done
}

readers_stop()
{
	local reader files dumps

	rm -f $READERS_LEFT
	wait $readers
	for reader in 1 2; do
		read -r files dumps < $READERS_LEFT.$reader
		note "reader $reader was answered $files files, $dumps dumps"
		gt "reader $reader was answered files" "$files" 0
		gt "reader $reader was answered dumps" "$dumps" 0
	done
	! lab_is_loaded kvmfault || check "all files and dumps still answer" all_answer
}

all_answer()
{
	local dump

	cat "$KVMFAULT_DIR"/* > /dev/null || return 1
	for dump in $(nltest dumps); do
		nltest dump $dump > /dev/null || return 1
	done
}

progress()
{
	local now

	read -r now _ < /proc/uptime
	[ "${now%.*}" -ge "${progress_next:-0}" ] || return 0
	note "so far: $1 $2"
	progress_next=$((${now%.*} + PROGRESS_SECONDS))
}

memory_kb()
{
	# KVM and others free after a while.
	sleep 1
	sync
	echo 3 > /proc/sys/vm/drop_caches
	sleep 1
	awk '/^(SUnreclaim|VmallocUsed):/ { kb += $2 }
		/^Percpu:/ { percpu = $2 }
		END { print kb, percpu }' /proc/meminfo
}

memory_back()
{
	local now

	now=$(memory_kb)
	note "slabs and vmalloc, percpu: $1 KB before, $now KB now"
	le "memory is back" "${now% *}" "$((${1% *} + MEMORY_SLACK_KB))"
	le "percpu memory is back" "${now#* }" "$((${1#* } + PERCPU_SLACK_KB))"
}
