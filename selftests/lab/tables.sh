# SPDX-License-Identifier: GPL-2.0
#
# For cases: more than one cell of kvmfault's tables. Sourced after lib.sh. A table or
# a column that is not there is said in place of a cell, or of a sum, which would pass
# for nothing otherwise.
#
#	pick FILE ROW COLUMN		the cells of COLUMN in all rows that match;
#					ROW is like vm=1,class=tdp, or - for any
#	sum FILE ROW COLUMN		all of them together
#	sum_from FILE ROW KEY LEAST COLUMN	of those whose KEY is at least LEAST
#	hits_of CLASS, missed_of CLASS	at the probe of the class
#	engine_at CLASS			which one has the probe of the class
#	nobody_lives			is VM 0 the only one?
#	nobody_stuck			is no vCPU in the table of those that are?
#	bytes_taken			the module's memory, as it is told
#	matches NAME FILE PATTERN	a check: a line of the file matches
#	ordered NAME NUMBER...		a check: none is less than the one before

pick()
{
	awk -v row="$2" -v column="$3" '
		NR == 1 {
			for (i = 1; i <= NF; i++)
				at[$i] = i
			wanted = row == "-" ? 0 : split(row, pairs, ",")
			lacks = column in at ? "" : column
			for (i = 1; i <= wanted; i++) {
				split(pairs[i], pair, "=")
				if (!(pair[1] in at))
					lacks = pair[1]
			}
			if (lacks != "") {
				print "no column " lacks
				exit
			}
			next
		}
		{
			for (i = 1; i <= wanted; i++) {
				split(pairs[i], pair, "=")
				if ($at[pair[1]] != pair[2])
					next
			}
			print $at[column]
		}' "$KVMFAULT_DIR/$1" || echo "no table $1"
}

sum()
{
	pick "$1" "$2" "$3" | awk '
		/^no / { print; lacks = 1; exit }
		{ s += $1 }
		END { if (!lacks) printf "%.0f\n", s }'
}

sum_from()
{
	pick "$1" "$2" "$3" > /tmp/keys
	pick "$1" "$2" "$5" > /tmp/values
	paste /tmp/keys /tmp/values |
		awk -v least="$4" '$1 >= least { s += $2 } END { printf "%.0f\n", s }'
}

# On AMD both classes of exits are counted at one probe.
probe_of()
{
	case $(kvm_vendor)-$1 in
	*-tdp)		echo kvm_tdp_page_fault ;;
	kvm_intel-*)	echo "handle_ept_$1" ;;
	*)		echo kvm_mmu_page_fault ;;
	esac
}

hits_of()
{
	local hits

	hits=$(cell probes "probe=$(probe_of "$1")" hits)
	case $(kvm_vendor)-$1 in
	kvm_amd-violation)	echo $((hits - $(sum vms - misconfig))) ;;
	kvm_amd-misconfig)	echo $((hits - $(sum vms - violation))) ;;
	*)			echo "$hits" ;;
	esac
}

missed_of()
{
	cell probes "probe=$(probe_of "$1")" missed
}

engine_at()
{
	cell probes "probe=$(probe_of "$1")" engine
}

nobody_lives()
{
	[ "$(rows vms)" -eq 1 ]
}

nobody_stuck()
{
	[ "$(rows stuck)" -eq 0 ]
}

bytes_taken()
{
	sed -n 's/^memory *\([0-9]*\) bytes.*/\1/p' "$KVMFAULT_DIR/summary"
}

matches()
{
	if grep -q -- "$3" "$2"; then
		ok "$1"
	else
		not_ok "$1" "no line of ${2##*/} matches '$3'"
	fi
}

ordered()
{
	local name=$1 last=0 number

	shift
	for number in "$@"; do
		if ! [ "$number" -ge "$last" ]; then
			not_ok "$name" "$*"
			return
		fi
		last=$number
	done
	ok "$name"
}
