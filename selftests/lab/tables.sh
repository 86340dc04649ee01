# SPDX-License-Identifier: GPL-2.0
# For cases: reading the tables of kvmfault by the names of their columns

FILES=/sys/kernel/debug/kvmfault

# pick FILE SELECTOR COLUMN: the cells of COLUMN in the rows that match
# SELECTOR, which is like vm=1,class=tdp, or empty for all rows.
pick() {
	awk -v selector="$2" -v column="$3" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			at[$i] = i
		n = split(selector, wanted, ",")
		next
	}
	{
		for (i = 1; i <= n; i++) {
			split(wanted[i], pair, "=")
			if ($at[pair[1]] != pair[2])
				next
		}
		print $at[column]
	}' "$FILES/$1"
}

# cell FILE SELECTOR COLUMN: the first of them
cell() {
	pick "$1" "$2" "$3" | head -n 1
}

# sum FILE SELECTOR COLUMN: all of them together
sum() {
	pick "$1" "$2" "$3" | awk '{ s += $1 } END { printf "%d\n", s }'
}

# column FILE COLUMN: the cells of all rows
column() {
	pick "$1" "" "$2"
}

# sum_from FILE SELECTOR KEY LEAST COLUMN: of the rows whose KEY is at least
# LEAST
sum_from() {
	pick "$1" "$2" "$3" >/tmp/keys
	pick "$1" "$2" "$5" | paste /tmp/keys - |
		awk -v least="$4" '$1 >= least { s += $2 } END { printf "%d\n", s }'
}

# The attach point that a class is counted at is not the same on both vendors.
probe_of() {
	case $(vendor)-$1 in
	*-tdp) echo kvm_tdp_page_fault ;;
	intel-*) echo "handle_ept_$1" ;;
	amd-*) echo kvm_mmu_page_fault ;;
	esac
}

# On AMD the two classes of exits share one: less the other class.
at_probe() { # CLASS COLUMN
	at_probe=$(cell probes "probe=$(probe_of "$1")" "$2")
	case $(vendor)-$1-$2 in
	amd-violation-hits) echo $((at_probe - $(sum vms "" misconfig))) ;;
	amd-misconfig-hits) echo $((at_probe - $(sum vms "" violation))) ;;
	*) echo "$at_probe" ;;
	esac
}

hits_of() {
	at_probe "$1" hits
}

missed_of() {
	at_probe "$1" missed
}
