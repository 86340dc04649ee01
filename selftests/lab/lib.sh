# SPDX-License-Identifier: GPL-2.0
#
# What a case can say. Sourced by busybox sh inside a machine of the lab, with
# KVM loaded and kvmfault not. A case is a list of checks, each of which prints
# one KTAP line; the plan is printed when the case ends.
#
#	kvm_load [[MODULE.]PARAM=VALUE...]   load the vendor's KVM; kvm_unload
#	module_load NAME [PARAM=VALUE...]    load a module that the header names
#	kvmfault_load [PARAM=VALUE...]       load our module; kvmfault_unload
#	guest ARGS...                        run the counting guest
#	cell FILE ROW COLUMN                 print a cell of a table
#	kernel_log                           print what the kernel said since the
#	                                     case began
#	ok NAME, not_ok NAME WHY, skip NAME WHY, skip_all WHY, note TEXT
#	eq, ne, ge, le, gt, lt NAME GOT WANT; within NAME GOT LOW HIGH
#	check NAME COMMAND...; check_fails NAME COMMAND...
#	wait_until SECONDS COMMAND...
#	listeners	how many are in groups of generic netlink; listens N: more than N?

KVMFAULT_DIR=/sys/kernel/debug/kvmfault

# 0 here switches off all kprobes of the kernel, behind the module's back.
KPROBES_ENABLED=/sys/kernel/debug/kprobes/enabled

# The number of results lies in a file, so that a check within a pipe or a
# subshell counts as well.
LAB_COUNT=/tmp/lab-count

lab_begin()
{
	LAB_CASE=$1
	echo 0 > $LAB_COUNT
	echo "KTAP version 1"
}

lab_end()
{
	local count

	read -r count < $LAB_COUNT
	[ "$count" = all ] || echo "1..$count"
	exit "$1"
}

lab_result()
{
	local count

	read -r count < $LAB_COUNT
	count=$((count + 1))
	echo $count > $LAB_COUNT
	echo "$1 $count $2"
}

note()
{
	echo "# $*"
}

ok()
{
	lab_result ok "$1"
}

not_ok()
{
	lab_result "not ok" "$1"
	note "$1: ${2:-}"
}

skip()
{
	lab_result ok "$1 # SKIP ${2:-}"
}

# skip_all WHY: nothing of this case can be tried here. Ends the case.
skip_all()
{
	echo "1..0 # SKIP $*"
	echo all > $LAB_COUNT
	exit 4
}

# lab_compare NAME GOT OPERATOR WANT: something that is no number is a failure
# with the text shown, not a shell error.
lab_compare()
{
	if test "$2" "$3" "$4" 2>/dev/null; then
		ok "$1"
	else
		not_ok "$1" "got '$2', want $3 '$4'"
	fi
}

eq()
{
	lab_compare "$1" "$2" = "$3"
}

ne()
{
	lab_compare "$1" "$2" != "$3"
}

ge()
{
	lab_compare "$1" "$2" -ge "$3"
}

le()
{
	lab_compare "$1" "$2" -le "$3"
}

gt()
{
	lab_compare "$1" "$2" -gt "$3"
}

lt()
{
	lab_compare "$1" "$2" -lt "$3"
}

within()
{
	if [ "$2" -ge "$3" ] 2>/dev/null && [ "$2" -le "$4" ] 2>/dev/null; then
		ok "$1"
	else
		not_ok "$1" "got '$2', want $3 to $4"
	fi
}

check()
{
	local name=$1

	shift
	if "$@"; then
		ok "$name"
	else
		not_ok "$name" "'$*' failed"
	fi
}

check_fails()
{
	local name=$1

	shift
	if "$@"; then
		not_ok "$name" "'$*' did not fail"
	else
		ok "$name"
	fi
}

# wait_until SECONDS COMMAND...: poll, coarsely, for the emulated clock is dear; for
# longer on a slow kernel.
wait_until()
{
	local end=$(($(lab_seconds) + $1 * ${KVMFAULT_SLOW:-1}))

	shift
	until "$@"; do
		[ "$(lab_seconds)" -le $end ] || return 1
		sleep 0.1
	done
}

listeners()
{
	awk '$2 == 16 && $4 != "00000000"' /proc/net/netlink | wc -l
}

listens()
{
	[ "$(listeners)" -gt "$1" ]
}

lab_seconds()
{
	cut -d . -f 1 /proc/uptime
}

# KVM's modules in the order of loading; the vendor's is the last.
lab_kvm_modules()
{
	cat /modules/order
}

# lab_is_loaded MODULE
lab_is_loaded()
{
	grep -q "^$1 " /proc/modules
}

kvm_vendor()
{
	lab_kvm_modules | tail -n 1
}

# The parameters meant for a module: those with its name before a dot, and for
# the vendor's module those with no name.
lab_parameters_for()
{
	local module=$1 parameter

	shift
	for parameter in "$@"; do
		case $parameter in
		"$module".*=*)	echo "${parameter#"$module".}" ;;
		*.*=*)		;;
		*)		[ "$module" != "$(kvm_vendor)" ] || echo "$parameter" ;;
		esac
	done
}

kvm_load()
{
	local module

	for module in $(lab_kvm_modules); do
		lab_is_loaded "$module" ||
			insmod "/modules/$module.ko" \
				$(lab_parameters_for "$module" "$@") || return 1
	done
}

# With what it needs, of which some may be there.
module_load()
{
	local module name=$1

	shift
	for module in $(cat "/modules/order-$name"); do
		lab_is_loaded "$module" && continue
		if [ "$module" = "$name" ]; then
			insmod "/modules/$module.ko" "$@"
		else
			insmod "/modules/$module.ko"
		fi || return 1
	done
}

# What KVM leans on (irqbypass, ccp) stays.
kvm_unload()
{
	local module

	for module in "$(kvm_vendor)" kvm; do
		! lab_is_loaded "$module" || rmmod "$module" || return 1
	done
}

kvmfault_load()
{
	insmod /kvmfault.ko "$@"
}

kvmfault_unload()
{
	rmmod kvmfault
}

guest()
{
	kvmfault-guest "$@"
}

# cell FILE ROW COLUMN: the cell of a kvmfault table, or of any table by its
# absolute path. ROW is "-" for the first row, or COLUMN=VALUE[,COLUMN=VALUE...].
# comm, the last column, may hold blanks.
cell()
{
	local file=$1

	case $file in
	/*)	;;
	*)	file=$KVMFAULT_DIR/$file ;;
	esac
	awk -v row="$2" -v column="$3" '
		function field(name,	text, i) {
			if (!(name in at))
				return "no column " name
			if (name != "comm")
				return $at[name]
			text = $at[name]
			for (i = at[name] + 1; i <= NF; i++)
				text = text " " $i
			return text
		}
		NR == 1 {
			for (i = 1; i <= NF; i++)
				at[$i] = i
			wanted = row == "-" ? 0 : split(row, pairs, ",")
			next
		}
		{
			for (i = 1; i <= wanted; i++) {
				split(pairs[i], pair, "=")
				if (field(pair[1]) != pair[2])
					next
			}
			print field(column)
			found = 1
			exit
		}
		END {
			if (!found) {
				print "no row " row
				exit 1
			}
		}' "$file"
}

# rows FILE: how many rows a table has.
rows()
{
	awk 'END { print NR - 1 }' "$KVMFAULT_DIR/$1"
}

kernel_log()
{
	dmesg | sed "1,/lab: case $LAB_CASE begins/d"
}
