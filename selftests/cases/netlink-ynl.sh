# SPDX-License-Identifier: GPL-2.0
# The stock YNL client does every operation with the spec as it is
# machines: amd
# memory: 2048
# files: selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

[ -r /ynl.tar ] || skip_all "no YNL client: see selftests/netlink/ynl-tree"
tar -C / -xf /ynl.tar || skip_all "no room to unpack the client"

ynl()
{
	/usr/bin/python3 /ynl/tools/net/ynl/cli.py --spec /ynl/kvmfault.yaml \
		--schema /ynl/Documentation/netlink/genetlink.yaml \
		--output-json "$@"
}

# field NAME: of the first object on stdin
field()
{
	grep -o "\"$1\": [^,}]*" | head -n 1 | cut -d ' ' -f 2- | tr -d '"'
}

kvmfault_load
guest_hold --pages 60 --mmio 7

ynl --list-ops
check "info-get" eval "ynl --do info-get --json '{}' > $NL"
eq "info-get: VMs" "$(field vms-live < $NL)" 1
eq "vm-get: pid" "$(ynl --do vm-get --json '{"id": 1}' | field pid)" \
	"$(cell vms vm=1 pid)"
eq "vm-get: state" "$(ynl --do vm-get --json '{"id": 1}' | field state)" live
eq "vm-get: two VMs" "$(ynl --dump vm-get | grep -o '"id"' | wc -l)" 2
eq "vcpu-get" "$(ynl --dump vcpu-get --json '{"vm": 1}' | field max-ns)" \
	"$(cell vcpus vm=1 max_ns)"
eq "latency-get" "$(ynl --dump latency-get --json '{"vm": 1, "class": "tdp"}' |
	field count)" "$(expected tdp)"
eq "histogram-get: the counts add up" \
	"$(ynl --dump histogram-get --json '{"vm": 1, "class": "tdp"}' |
	grep -o '"count": [0-9]*' | awk '{ n += $2 } END { print n }')" \
	"$(expected tdp)"
eq "histogram-get in small buffers" \
	"$(ynl --dbg-small-recv 4000 --dump histogram-get \
	--json '{"vm": 1, "class": "tdp"}' 2>/dev/null |
	grep -o '"count": [0-9]*' | awk '{ n += $2 } END { print n }')" \
	"$(expected tdp)"
eq "fault-get: the counts add up" \
	"$(ynl --dump fault-get --json '{"vm": 1}' |
	grep -o '"count": [0-9]*' | awk '{ n += $2 } END { print n }')" \
	"$(expected tdp)"
eq "probe-get" "$(ynl --do probe-get --json '{"name": "kvm_tdp_page_fault"}' |
	field state)" armed
eq "probe-get: all" "$(ynl --dump probe-get | grep -o '"name"' | wc -l)" \
	"$(rows probes)"
check "probe-set" ynl --do probe-set \
	--json '{"name": "kvm_tdp_page_fault", "enabled": 0}'
eq "probe-set: it is disabled" \
	"$(cell probes probe=kvm_tdp_page_fault state)" disabled
check "probe-set: back" ynl --do probe-set \
	--json '{"name": "kvm_tdp_page_fault", "enabled": 1}'
check "settings-set" ynl --do settings-set \
	--json '{"alert-ns": 20000000, "alert-interval-ms": 5}'
eq "settings-get" "$(ynl --do settings-get --json '{}' | field alert-ns)" 20000000
eq "reset" "$(ynl --do reset --json '{}' | field count)" \
	"$(expected violation)"

ynl --do vm-get --json '{"id": 99}' > $NL
note "$(tr '\n' ' ' < $NL)"
check "a refusal has a sentence" grep -q "there is no VM" $NL
check "and points at the attribute" grep -q "'bad-attr': '.id'" $NL
guest_release

ynl --subscribe vm --sleep 30 > $NL.vm &
vm=$!
ynl --subscribe alert --sleep 30 > $NL.alert &
alert=$!
# Nothing tells when it has joined; Python takes seconds to start in here.
sleep 20
guest --pages 33 --slow 1 --delay 50ms
wait $vm
wait $alert
note "$(cat $NL.alert)"
eq "a birth is told" "$(grep -o vm-born-ntf $NL.vm)" vm-born-ntf
eq "a death is told" "$(grep -o vm-died-ntf $NL.vm)" vm-died-ntf
check "a slow fault is told" grep -q '"kind": "slow"' $NL.alert
