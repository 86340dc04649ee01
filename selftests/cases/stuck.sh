# SPDX-License-Identifier: GPL-2.0
# A vCPU that waits for a page, for as long as nobody brings it
# machines: intel amd

vm=0
kvmfault_load
guest --pages 64 > /dev/null

# Older kernels may let it try again, if anything else of the process's memory
# was moved meanwhile. The fault is counted when it is over, and not before.
guest_start --stuck
check "the vCPU waits" wait_until 30 guest_said stuck
sleep 1
eq "what came before is counted" "$(cell vms vm=2 tdp)" 4
kill "$guest_job"
guest_wait
eq "SIGTERM brings the page" "$?" 0
eq "then it is counted" "$(sum faults vm=0,outcome=fixed count)" \
	$((4 + 64 + 5))
ge "with all the time that it took" \
	"$(cell latency vm=0,class=tdp max_ns)" 1000000000
