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
	if ahead nlfuzz -s "$seed" "$@" > $SAID; then
		ok "$name"
	else
		not_ok "$name" "$(tail -n 1 $SAID)"
	fi
	sed 's/^/# /' $SAID
}

# groups HOW: how often one of ours was joined, or refused
groups()
{
	sed -n "s/^groups .*$1 \([0-9]*\).*/\1/p" $SAID
}

objects()
{
	sed -n 's/.* objects \([0-9]*\) .*/\1/p' $SAID
}

tells()
{
	nltest dump "$1-get" | grep -q " $2="
}

kvmfault_load hot=Y recent=Y stages=Y
# VMs that fault, come and go meanwhile, or every dump would be of nothing. And some
# that stay, for what others do not have.
stay=
for what in "--scene async-told --pages 5" "--scene nested --pages 18 --hold" --stuck; do
	kvmfault-guest $what < /dev/null > /tmp/stay &
	stay="$stay $!"
done
check "pages do not come" wait_until 60 tells async outstanding
check "a guest has run a guest" wait_until 60 tells shadow nested
check "a vCPU is stuck" wait_until 60 tells stuck kind
guest_start --pages 50 --mmio 5 --vcpus 2 --rounds 200 --vms 100000 --parallel 3

fuzz "$messages messages, of which all may change something" "$messages"
gt "some of them were right" "$(objects)" 0
for errno in EINVAL EOPNOTSUPP ENOENT; do
	matches "some were refused: $errno" $SAID "^$errno "
done
gt "groups were joined" "$(groups joined)" 0
# Each operation as it may be asked, and those that have something to tell, told.
nltest requests | sed 's/.* //' | sort -u > /tmp/operations
eq "all operations of the spec are tried" "$(grep -c "^operation " $SAID)" \
	"$(wc -l < /tmp/operations)"
while read -r operation; do
	matches "$operation was asked for" $SAID "^operation $operation asked [1-9]"
	case $operation in
	*-set | reset)	;;
	*)	matches "$operation told something" $SAID \
			"^operation $operation .* told [1-9]" ;;
	esac
done < /tmp/operations
asks() { nltest do info-get > /tmp/info; }
check "the family answers as before" asks

few=$((messages / 10))
fuzz "$few from another network namespace" -n $few
eq "nothing is told there" "$(objects)" 0
matches "it is not there" $SAID "^ENOENT "
fuzz "$few from a user who may not" -u 1000 $few
eq "nothing is told to him" "$(objects)" 0
matches "he may not" $SAID "^EPERM "
eq "no group is joined" "$(groups joined)" 0
gt "though it was tried" "$(groups refused)" 0
fuzz "$few from root of a container" -n -U -u 1000 $few
eq "nothing is told to it" "$(objects)" 0
matches "it is not there" $SAID "^ENOENT "
fuzz "$few from root of a user namespace" -U -u 1000 $few
eq "nothing is told to it either" "$(objects)" 0
matches "it may not" $SAID "^EPERM "
eq "no group is joined by it" "$(groups joined)" 0
gt "though it was tried" "$(groups refused)" 0

guest_stop
kill $stay
wait $stay
# It may have been told to use the engine that holds the module.
echo kretprobe > /sys/module/kvmfault/parameters/engine
kvmfault_unload
kvmfault_load
exact_after_it --pages 31 --mmio 7
