# SPDX-License-Identifier: GPL-2.0
# Every operation answers, as debugfs does, and only those who may ask
# machines: intel amd
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

refused "there is no family without the module" ENOENT "" do info-get
kvmfault_load
guest_hold --pages 300 --mmio 20 --vcpus 2

nltest do info-get > $NL
eq "info: version" "$(value version < $NL)" "$(cat /sys/module/kvmfault/version)"
eq "info: one VM lives" "$(value vms-live < $NL)" 1
gt "info: there are probes" "$(value probes < $NL)" 0
eq "info: all probes are armed" "$(value armed < $NL)" "$(value probes < $NL)"
for class in violation misconfig tdp; do
	eq "info: $class" "$(total $class < $NL | value count)" \
		"$(expected $class)"
done

nltest do vm-get id=1 > $NL
eq "vm: pid" "$(value pid < $NL)" "$(cell vms vm=1 pid)"
eq "vm: comm" "$(value comm < $NL)" "$(cell vms vm=1 comm)"
eq "vm: vcpus" "$(value vcpus < $NL)" 2
eq "vm: state" "$(value state < $NL)" live
eq "vm: retry" "$(value retry < $NL)" "$(cell vms vm=1 retry)"
for class in violation misconfig tdp; do
	for column in count sum_ns min_ns p50_ns p90_ns p99_ns p999_ns max_ns; do
		eq "vm: $column of $class as in debugfs" \
			"$(total $class < $NL | value ${column%_ns})$(
			total $class < $NL | value "${column%_ns}-ns")" \
			"$(cell latency vm=1,class=$class $column)"
	done
done
eq "vm: userspace of misconfig" "$(total misconfig < $NL | value userspace)" \
	"$(cell latency vm=1,class=misconfig userspace)"

nltest dump vm-get > $NL
eq "a dump has vm 0 and vm 1" "$(sed -n 's/^vm-get id=\([0-9]*\).*/\1/p' $NL |
	tr '\n' ' ')" "0 1 "
eq "a dump says the same of vm 1" "$(grep 'id=1 ' $NL)" "$(nltest do vm-get id=1)"
eq "a dump of one VM is that one" "$(nltest dump vm-get id=1 | wc -l)" 1

nltest dump vcpu-get vm=1 > $NL
eq "vcpu: two" "$(wc -l < $NL)" 2
for vcpu in 0 1; do
	eq "vcpu: tdp of $vcpu" \
		"$(grep "id=$vcpu " $NL | total tdp | value count)" \
		"$(cell vcpus vm=1,vcpu=$vcpu tdp)"
	eq "vcpu: max of $vcpu" "$(grep "id=$vcpu " $NL | value max-ns)" \
		"$(cell vcpus vm=1,vcpu=$vcpu max_ns)"
done

eq "latency: vm x class" "$(nltest dump latency-get | wc -l)" "$(rows latency)"
eq "latency: of a VM" "$(nltest dump latency-get vm=1 | wc -l)" 3
eq "latency: of a class" "$(nltest dump latency-get class=tdp | wc -l)" 2
eq "latency: of both" "$(nltest dump latency-get vm=1 class=tdp | value count)" \
	"$(expected tdp)"

# Each bucket in a line of its own, as debugfs has them.
nltest dump histogram-get vm=1 |
	sed 's/ bucket=/\n/g; s/{ \|}//g' | sed -n 's/^from-ns=\([0-9]*\) to-ns=\([0-9]*\) count=\([0-9]*\).*/\1 \2 \3/p' > $NL
sed -n 's/^1 [a-z]* //p' $KVMFAULT_DIR/histogram > $NL.debugfs
check "histogram: as in debugfs" cmp -s $NL $NL.debugfs
check "histogram: not empty" test -s $NL

nltest dump fault-get vm=1 |
	sed "s/^fault-get vm=1 //; s/[a-z-]*=//g" > $NL
sed -n 's/^1 //p' $KVMFAULT_DIR/faults | tr 'KMG' 'kmg' |
	sed 's/ - / unknown /g; s/ - / unknown /g; s/^- /unknown /' |
	awk '{ print $1, $2, $3, $4, $5, $8, $6, tolower($7) }' > $NL.debugfs
check "faults: as in debugfs" cmp -s $NL $NL.debugfs

eq "probes: as many as in debugfs" "$(nltest dump probe-get | wc -l)" \
	"$(rows probes)"
eq "probe: hits of tdp" \
	"$(nltest do probe-get name=kvm_tdp_page_fault | value hits)" \
	"$(cell probes probe=kvm_tdp_page_fault hits)"

nltest do settings-get > $NL
eq "settings: alerts are off" "$(value alert-ns < $NL)" 0
eq "settings: slots" "$(value slots < $NL)" 8
eq "settings: max-vms" "$(value max-vms < $NL)" 4096
check "settings: set" nltest do settings-set alert-ns=5000000000 alert-interval-ms=7
nltest do settings-get > $NL
eq "settings: threshold" "$(value alert-ns < $NL)" 5000000000
eq "settings: interval" "$(value alert-interval-ms < $NL)" 7

# What is wrong is said, and where: 20 is the first attribute, 16 and 4 bytes
# after the beginning of the message.
refused "vm: no id" EINVAL "Give its id" do vm-get
refused "vm: an unknown one" ENOENT "offset=20 there is no VM" do vm-get id=99
refused "dump of an unknown VM" ENOENT "there is no VM" dump histogram-get vm=99
refused "a class that there is not" ERANGE offset=20 dump latency-get class=4
refused "a number too short" EINVAL offset=20 -x 1:01 do vm-get
refused "an unknown attribute" EINVAL offset=20 -x 77:01000000 do vm-get
refused "an attribute where none is taken" EINVAL offset=20 \
	-x 1:01000000 do info-get
refused "an attribute of replies" EINVAL offset=32 -x 2:01000000 do vm-get id=1
refused "a name that does not end" EINVAL offset=20 -x 1:6162 do probe-get
refused "a probe that there is not" ENOENT "offset=20 this CPU has no use" \
	do probe-get name=nothing
refused "a dump of one probe" EINVAL "a dump is of all" \
	dump probe-get name=kvm_tdp_page_fault
refused "a probe neither on nor off" ERANGE offset= \
	do probe-set name=kvm_tdp_page_fault enabled=2
refused "a probe to be set to nothing" EINVAL "Give enabled" \
	do probe-set name=kvm_tdp_page_fault
refused "nothing to set" EINVAL "nothing to set" do settings-set
refused "an interval of 0" ERANGE offset=20 do settings-set alert-interval-ms=0
refused "what is read only" EINVAL offset=20 do settings-set slots=9
refused "a dump of what has none" EOPNOTSUPP "" dump info-get

for request in "do info-get" "do vm-get id=1" "dump vm-get" "dump vcpu-get" \
	"dump latency-get" "dump histogram-get" "dump fault-get" \
	"do probe-get name=kvm_tdp_page_fault" "dump probe-get" \
	"do probe-set name=kvm_tdp_page_fault enabled=0" "do settings-get" \
	"do settings-set alert-ns=1" "do reset" "listen vm 1" "listen alert 1" \
	"listen setup 1"; do
	eq "not for everybody: $request" "$(nltest -u 1000 $request)" "error EPERM"
done
refused "there is no family in another network namespace" ENOENT "" \
	-n do info-get
eq "and all that has changed nothing" "$(nltest do probe-get \
	name=kvm_tdp_page_fault | value enabled)$(nltest do info-get |
	value resets)" 10
guest_release
