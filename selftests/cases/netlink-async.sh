# SPDX-License-Identifier: GPL-2.0
# Asynchronous page faults by netlink and by the client are those of debugfs
# machines: amd intel
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
# programs: tools/kvmfault/build/kvmfault
. /netlink.sh

N=97
VMS=5

# ready FILE: for each VM, how many its buckets hold, whatever parts they came in.
ready()
{
	awk '
		/^async-get/ {
			split($2, vm, "=")
			if (!(vm[2] in sum))
				order[++nr] = vm[2]
			sum[vm[2]] += 0
			while (match($0, / count=[0-9]+/)) {
				sum[vm[2]] += substr($0, RSTART + 7, RLENGTH - 7)
				$0 = substr($0, RSTART + RLENGTH)
			}
		}
		END { for (i = 1; i <= nr; i++) print order[i], sum[order[i]] }' "$1"
}

# client COLUMN ROW: what the client prints.
client()
{
	kvmfault async -s > /tmp/client
	cell /tmp/client "$2" "$1"
}

client_stuck()
{
	kvmfault stuck | grep -q ' async '
}

kvmfault_load
eq "no rows" "$(nltest dump async-get | grep -c ' vm=')" 0
guest_start --scene async --pages $N --parallel $VMS --hold
guest_settled $VMS

nltest dump async-get vm=1 > $NL
eq "a VM has one vCPU with some" "$(grep -c ' setup=' $NL)" 1
eq "which one" "$(value vcpu < $NL)" 0
for column in setup delivered halted completed ready cancelled repeated \
	outstanding; do
	eq "$column as in debugfs" "$(value $column < $NL)" \
		"$(cell async vm=1,vcpu=0 $column)"
	eq "$column by the client" "$(client $column vm=1,vcpu=0)" \
		"$(cell async vm=1,vcpu=0 $column)"
done
for column in sum p50 p99 max; do
	eq "$column as in debugfs" "$(value $column-ns < $NL)" \
		"$(cell async vm=1,vcpu=0 ${column}_ns)"
done
eq "nothing is old" "$(value oldest-ns < $NL)" ""

nltest -b 4096 dump async-get > $NL
note "$VMS VMs in $(grep -c '^async-get' $NL) messages"
eq "the buckets of each hold all that were ready" "$(ready $NL)" \
	"$(tail -n +2 $KVMFAULT_DIR/async | awk '{ print $1, $7 }')"
eq "each is told once" "$(grep -c ' setup=' $NL)" $VMS
eq "and for the client, too" \
	"$(kvmfault async --json | grep -o '"histogram":\[[^]]*\]' |
		grep -o '"count":[0-9]*' | awk -F : '{ n += $2 } END { print n }')" \
	"$((VMS * N))"
refused "there is no such VM" ENOENT "there is no VM with this number" \
	dump async-get vm=77
guest_release
nltest dump async-get > $NL
eq "vm 0 has them" "$(value ready < $NL)" "$((VMS * N))"
eq "it has no vCPU" "$(value vcpu < $NL)" ""
eq "nothing is missed" "$(nltest do info-get | value async-missed)" 0

listen alert
guest_start --scene async-told --pages 31 --hold
check "pages do not come" wait_until 60 guest_said outstanding
check "it can be asked for" wait_until 20 stuck_dumps ' kind=async'
check "it is told" wait_until 20 told alert 'alert-ntf.* kind=async'
# On a slow machine the first page, which does come, may have been late as well.
within "where" "$(($(grep kind=async $NL.alert | value gpa)))" $((0x200000)) \
	$((0x201000))
ge "for how long" "$(grep kind=async $NL.alert | value duration-ns)" 1000000000
check "the client says so" client_stuck
ge "the oldest is as old" "$(nltest dump async-get | value oldest-ns)" 1000000000

# What is outstanding is not forgotten, and counted from then on.
nltest do reset > /dev/null
vm=$(cell vms state=live vm)
eq "after a reset: set up" "$(cell async "vm=$vm" setup)" 30
eq "after a reset: told" "$(cell async "vm=$vm" delivered)" 30
eq "after a reset: ready" "$(cell async "vm=$vm" ready)" 0
eq "after a reset: outstanding" "$(cell async "vm=$vm" outstanding)" 30
eq "after a reset: repeated" "$(cell async "vm=$vm" repeated)" 0
eq "of those that are gone nothing is left" "$(rows async)" 1
kill "$guest_job"
guest_settled
eq "then they are ready" "$(cell async "vm=$vm" ready)" 30
eq "told once" "$(grep -c 'kind=async' $NL.alert)" 1
guest_release
eq "and with the VMs that are gone" "$(cell async vm=0 ready)" 30
