# SPDX-License-Identifier: GPL-2.0
# recent, hot and stages while guests fault on two CPUs: switched, read, reset
# machines: amd
# needs: cpus=2
# files: selftests/netlink/nltest selftests/netlink/lib.sh:/netlink.sh
. /netlink.sh

P=/sys/module/kvmfault/parameters

# Of a row that is half another one, one of these is not what it must be: host
# and guest addresses in a window are as far apart as each other.
torn()
{
	awk -v pid="$1" '
		NR == 1 {
			for (i = 1; i <= NF; i++)
				at[$i] = i
			next
		}
		$at["hva"] != "-" && $at["pid"] == pid {
			print $at["vcpu"], $at["hva"], $at["gpa"]
		}' $KVMFAULT_DIR/recent |
	while read -r vcpu hva gpa; do
		echo "$vcpu $((hva - gpa))"
	done | sort -u | wc -l
}

# above N: rows of hot that promise more than N faults of a page that is written
above()
{
	awk -v most="$1" '$5 == "write" && $6 - $7 > most' $KVMFAULT_DIR/hot
}

# What the parts of all faults are short of them, in one reading of the file.
gap()
{
	awk '$3 == "-" { all += $6 } $3 == "tdp" { parts += $6 }
		END { printf "%.0f\n", all - parts }' $KVMFAULT_DIR/stages
}

kvmfault_load
guest --pages 64 > /dev/null

# Switched under load, nothing is lost from the counts.
guest_start --vcpus 2 --pages 101 --rounds 60 --hold
i=0
while [ $i -lt 20 ]; do
	echo Y > $P/recent
	echo Y > $P/hot
	echo Y > $P/stages
	cat $KVMFAULT_DIR/recent $KVMFAULT_DIR/hot $KVMFAULT_DIR/stages > /dev/null
	echo N > $P/stages
	echo N > $P/hot
	echo N > $P/recent
	i=$((i + 1))
done
guest_settled
expect_of --vcpus 2 --pages 101 --rounds 60
eq "switched 20 times under load, each fault is counted" \
	"$(cell latency vm=2,class=violation count)" "$(expected violation)"
eq "and no memory is left" "$(grep -c '^memory .*, \(hot\|recent\|stages\)' $KVMFAULT_DIR/summary)" 0
guest_release

# Read while they are written.
check "all at once, by netlink" nltest do settings-set recent=1 hot=1 stages=1
eq "so says settings-get" \
	"$(nltest do settings-get | grep -o ' \(recent\|hot\|stages\)=1' | tr -d '\n')" \
	" recent=1 hot=1 stages=1"
refused "neither yes nor no" ERANGE "" do settings-set hot=2
refused "nothing to set" EINVAL "recent, hot" do settings-set
guest_start --vcpus 2 --pages 23 --rounds 200 --hold
wrong=0 tears=0 looks=0 gaps=0
until guest_holds 1; do
	[ -z "$(above 200)" ] || wrong=$((wrong + 1))
	[ "$(torn "$(cell vms vm=3 pid)")" -le 2 ] || tears=$((tears + 1))
	[ "$(gap)" -eq 0 ] || gaps=$((gaps + 1))
	looks=$((looks + 1))
done
note "$looks looks"
gt "there were looks" "$looks" 3
eq "no address was ever promised too often" "$wrong" 0
eq "no row was ever torn" "$tears" 0
eq "the stages of faults always added up" "$gaps" 0
eq "and in the end to those that there were" \
	"$(cell stages vm=3,stage=tdp count) $(cell stages vm=3,stage=tdp sum_ns)" \
	"$(cell latency vm=3,class=tdp count) $(cell latency vm=3,class=tdp sum_ns)"
eq "all pages are exact at the end" \
	"$(pick hot vm=3,access=write,count=200,error=0 gpa | wc -l)" 46
eq "and all faults" "$(sum hot vm=3 count)" "$(cell vms vm=3 violation)"
guest_release

# Reset under load: counts and addresses begin anew together.
guest_start --vcpus 2 --pages 23 --rounds 200 --hold
i=0
while [ $i -lt 10 ]; do
	nltest do reset > /dev/null
	i=$((i + 1))
done
guest_settled
eq "reset 10 times, they count the same" "$(sum hot vm=4 count)" \
	"$(cell vms vm=4 violation)"
nltest do reset > /dev/null
eq "after the last there is nothing" \
	"$(rows hot) $(rows recent) $(sum stages - count)" "0 0 0"
guest_release

# Whatever comes and goes.
guest_start --vcpus 2 --pages 101 --rounds 60 --hold
check "rmmod while all are on and a guest faults" kvmfault_unload
guest_settled
guest_release
