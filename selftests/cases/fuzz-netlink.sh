# SPDX-License-Identifier: GPL-2.0
# Whatever is said to the netlink family, the kernel stays well and what it
# answers is whole; those who may not ask are told nothing
# machines: amd
# needs: cpus=2
# memory: 2048
# files: selftests/netlink/nltest selftests/netlink/nlfuzz
# files: selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

# On the kernel's command line: KVMFAULT_MESSAGES=1000000 KVMFAULT_SEED=7
messages=${KVMFAULT_MESSAGES:-20000}
seed=${KVMFAULT_SEED:-1}
note "KVMFAULT_SEED=$seed repeats this"

SAID=/tmp/nlfuzz

fuzz()
{
	local name=$1

	shift
	if ahead nlfuzz -s "$seed" "$@" > $SAID 2>&1; then
		ok "$name"
	else
		not_ok "$name" "$(tail -n 1 $SAID)"
	fi
	sed 's/^/# /' $SAID
}

objects()
{
	sed -n 's/.* objects \([0-9]*\) .*/\1/p' $SAID
}

kvmfault_load hot=Y recent=Y stages=Y
# VMs that fault, come and go meanwhile, or every dump would be of nothing.
guest_start --pages 50 --mmio 5 --vcpus 2 --rounds 200 --vms 100000 --parallel 3

fuzz "$messages messages, of which all may change something" "$messages"
gt "some of them were right" "$(objects)" 0
for errno in EINVAL EOPNOTSUPP ENOENT; do
	matches "some were refused: $errno" $SAID "^$errno "
done
# Each operation as it may be asked, and those that have something to tell, told.
never=$(sed -n 's/^operation \(.*\) asked 0 .*/\1/p' $SAID)
eq "operations that were never asked for" "$never" ""
for operation in info-get vm-get vcpu-get latency-get histogram-get probe-get \
	settings-get fault-get hot-get recent-get stage-get stage-histogram-get \
	host-get setup-get memslot-get thread-get translate; do
	check_fails "$operation told something" grep -q "^operation $operation .* told 0$" $SAID
done
asks() { nltest do info-get > /tmp/info; }
check "the family answers as before" asks

few=$((messages / 10))
fuzz "$few from another network namespace" -n $few
eq "nothing is told there" "$(objects)" 0
fuzz "$few from a user who may not" -u 1000 $few
eq "nothing is told to him" "$(objects)" 0
fuzz "$few from root of a container" -n -U -u 1000 $few
eq "nothing is told to it" "$(objects)" 0
fuzz "$few from root of a user namespace" -U -u 1000 $few
eq "nothing is told to it either" "$(objects)" 0

guest_stop
# It may have been told to use the engine that holds the module.
echo kretprobe > /sys/module/kvmfault/parameters/engine
kvmfault_unload
kvmfault_load
expect_of --pages 31 --mmio 7
guest --pages 31 --mmio 7
for class in violation misconfig tdp; do
	eq "$class is exact after it" "$(cell vms vm=0 $class)" "$(expected $class)"
done
