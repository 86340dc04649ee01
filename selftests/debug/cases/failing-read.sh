# SPDX-License-Identifier: GPL-2.0
# Memory fails who reads and asks, allocation by allocation: he is told, or gets all
# machines: amd
# memory: 2048
# files: selftests/netlink/nltest selftests/debug/nth/lib.sh:/nth.sh selftests/debug/nth/run.sh:/run.sh
. /nth.sh
fail_ready
. /run.sh

# Whole, or an error; never a part of it. The guests are at rest.
read_file()
{
	if ! cat "$KVMFAULT_DIR/$1" > /tmp/read 2> /dev/null; then
		refused=$((refused + 1))
	elif [ "$(wc -l < /tmp/read)" -ne "$(wc -l < "/tmp/whole.$1")" ]; then
		not_ok "$1 is whole, or an error" \
			"allocation $fail_at: $(wc -l < /tmp/read) lines"
	fi
}

run_start
files=$(ls $KVMFAULT_DIR)
for file in $files; do
	cat "$KVMFAULT_DIR/$file" > "/tmp/whole.$file"
done
fail_in vfs_read cat
refused=0
for file in $files; do
	fail_each 200 read_file $file
	all "reading $file"
done
note "refused: $refused"
gt "who reads was refused" "$refused" 20
fail_end

fail_in netlink_sendmsg nltest-asks
for dump in $(nltest dumps); do
	fail_each 200 ask dump $dump
	all "$dump" 1
done
fail_end
# The first part is made while it is asked for, the others while they are fetched.
fail_in netlink_recvmsg nltest-asks
fail_each 200 ask -b 4096 dump histogram-get
all "histogram-get, further parts"
fail_end

fail_in netlink_sendmsg nltest-asks
wholes=0
for what in info-get settings-get reset "translate vm=1 gpa=0"; do
	fail_each 200 ask do $what
	all "$what"
	wholes=$((wholes + fail_wholes))
done
ge "what is counted needs large ones" "$wholes" 2
fail_end
run_stop

kvmfault_load
exact_after_it --pages 37 --mmio 9
