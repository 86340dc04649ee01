# SPDX-License-Identifier: GPL-2.0
# Faults of known length are found in the right bucket
# machines: intel amd

# A thread of the VMM answers 11 page faults late: so late that no other fault takes
# as long, not even where everything takes longer; nor where the clock goes on while the
# machine waits for its turn, as on AMD.
case $(kvm_vendor) in
kvm_intel)	delay=$((20000000 * ${KVMFAULT_SLOW:-1} * ${KVMFAULT_SLOW:-1})) ;;
*)		delay=$((300000000 * ${KVMFAULT_SLOW:-1})) ;;
esac
kvmfault_load
guest_hold --pages 31 --mmio 3 --slow 11 --delay ${delay}ns

slow=$(sum_from histogram vm=1,class=violation to_ns $((delay + 1)) count)
eq "11 violations took as long or longer" "$slow" 11
slow=$(sum_from histogram vm=1,class=tdp to_ns $((delay + 1)) count)
eq "their tdp did, too" "$slow" 11
slow=$(sum_from histogram vm=1,class=misconfig to_ns $((delay + 1)) count)
eq "no misconfig did" "$slow" 0

# However late the thread was: it knows how long it took at least.
ge "the longest is no shorter than the delay" \
	"$(cell latency vm=1,class=violation max_ns)" $delay
ge "the sum is no shorter than all delays" \
	"$(cell latency vm=1,class=violation sum_ns)" $((11 * delay))
le "the median is not slow" \
	"$(cell latency vm=1,class=violation p50_ns)" $((delay / 20 * 19))
ge "the slowest of a hundred is" \
	"$(cell latency vm=1,class=violation p99_ns)" $delay

for class in violation misconfig tdp; do
	row=vm=1,class=$class
	eq "$class: the histogram adds up to the count" \
		"$(sum histogram $row count)" "$(cell latency $row count)"
	ordered "$class: min to max in order" \
		$(for q in min p50 p90 p99 p999 max; do
			cell latency $row ${q}_ns
		done)
done
ge "a violation takes longer than its tdp" \
	"$(cell latency vm=1,class=violation sum_ns)" \
	"$(cell latency vm=1,class=tdp sum_ns)"
guest_release
