# SPDX-License-Identifier: GPL-2.0
#
# For cases in which a BPF program has a function first, or wants it. Sourced by
# them, with the program fentry among their files.
#
#	bpf_on END FUNCTION	attach to its entry or exit, or be refused
#	bpf_off			take it away
#	bpf_said		the last it said, see fentry

BPF=/tmp/fentry

bpf_on()
{
	rm -f $BPF.input
	mkfifo $BPF.input
	fentry "$1" "$2" < $BPF.input > $BPF.log 2>&1 &
	bpf=$!
	exec 8> $BPF.input
	wait_until 60 grep -q . $BPF.log
}

bpf_off()
{
	exec 8>&-
	wait $bpf
}

bpf_said()
{
	tail -n 1 $BPF.log
}
