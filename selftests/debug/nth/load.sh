# SPDX-License-Identifier: GPL-2.0
#
# For cases that load the module while memory fails. Sourced by them, after nth.sh.
#
#	failing_load ARGS...	with each allocation that fails in turn, and some at
#				least it is refused for: it leaves nothing then, or
#				works as far as it says
#	load ARGS...		once, with what was told to fail; counts how often it was
#				refused, loaded and unloaded

# What a probe has that is armed is all there is, and what it would have is 0 of one
# that is not. Of exits it is not known which class was missed: together they are exact,
# and none has less than what was not missed. One program for all of it: each takes its
# time on such a kernel. Who was given no file for it is asked by all_there alone.
counts_right()
{
	[ -e $KVMFAULT_DIR/vms ] && [ -e $KVMFAULT_DIR/probes ] || return 0
	guest --pages 9 --mmio 3 > /dev/null
	expect_of --pages 9 --mmio 3
	awk -v violation=$expected_violation -v misconfig=$expected_misconfig \
		-v tdp=$expected_tdp '
		function right(probe, found, expected) {
			if (state[probe] == "unavailable")
				return found == 0
			return state[probe] == "armed" &&
				found + missed[probe] == expected
		}
		function enough(probe, found, expected) {
			return state[probe] != "armed" ||
				found + missed[probe] >= expected
		}
		FNR == 1 {
			split("", at)
			for (i = 1; i <= NF; i++)
				at[$i] = i
			next
		}
		FILENAME ~ /vms$/ {
			found["violation"] += $at["violation"]
			found["misconfig"] += $at["misconfig"]
			found["tdp"] += $at["tdp"]
		}
		FILENAME ~ /probes$/ {
			state[$at["probe"]] = $at["state"]
			missed[$at["probe"]] = $at["missed"]
		}
		END {
			exits = "kvm_mmu_page_fault"
			exit !(enough(exits, found["violation"], violation) &&
				enough(exits, found["misconfig"], misconfig) &&
				right(exits, found["violation"] + found["misconfig"],
					violation + misconfig) &&
				right("kvm_tdp_page_fault", found["tdp"], tdp))
		}' $KVMFAULT_DIR/vms $KVMFAULT_DIR/probes
}

# all_there ARGS...: or the log says which file there was no memory for. Each program takes
# its time on such a kernel: one after the other only if one is lacking.
all_there()
{
	local file

	(cd $KVMFAULT_DIR && cat $files) > /dev/null 2>&1 || for file in $files; do
		cat "$KVMFAULT_DIR/$file" > /dev/null 2>&1 ||
			dmesg | sed "1,/lab: allocation $fail_at of ${*:-none}$/d" |
				grep -q "no file\(s\| $file\) in debugfs" ||
			return 1
	done
	nltest do info-get > /dev/null
}

# The direct engine holds the module.
unload()
{
	echo kretprobe > /sys/module/kvmfault/parameters/engine && rmmod kvmfault
}

# load ARGS...: fewer instances and VMs, or there are thousands that are alike.
load()
{
	local said

	echo "lab: allocation $fail_at of ${*:-none}" > /dev/kmsg
	if said=$(insmod /kvmfault.ko maxactive=1 max_vms=2 "$@" 2>&1); then
		loaded=$((loaded + 1))
		echo 0 > $NTH/nth
		all_there "$@" || not_ok "loaded in spite of it: all is there" "n is $fail_at"
		counts_right || not_ok "it counts as far as it says" \
			"n is $fail_at: $(tail -n +2 $KVMFAULT_DIR/probes)"
		unload || not_ok "it unloads" "n is $fail_at"
		unloaded=$((unloaded + 1))
		return
	fi
	refused=$((refused + 1))
	case $said in
	*"Cannot allocate memory"*|*"Out of memory"*)	;;
	*)	not_ok "it is refused for want of memory" "n is $fail_at: $said" ;;
	esac
	! lab_is_loaded kvmfault || not_ok "then it is not there" "n is $fail_at"
	[ ! -e $KVMFAULT_DIR ] || not_ok "nor are its files" "n is $fail_at"
}

# The objects of the pools are alike. Of these some and of the others every seventh,
# unless there is time for all.
fail_next()
{
	if [ -n "${KVMFAULT_FAILS:-}" ] || [ $1 -lt 3 ]; then
		echo $(($1 + 1))
	elif [ $1 -lt 240 ]; then
		echo $(($1 + 60))
	else
		echo $(($1 + 7))
	fi
}

failing_load()
{
	kvmfault_load
	files=$(ls $KVMFAULT_DIR)
	kvmfault_unload
	loaded=0 refused=0 unloaded=1
	# The kernel dumps a stack where it cannot make a kind of slab: not of these.
	fail_in do_one_initcall insmod kmem_cache_create_usercopy
	fail_each 3000 load "$@"
	fail_end
	note "the last that failed is number $fail_n; $refused times refused, $((loaded - 1)) times loaded in spite of it"
	gt "it was refused" "$refused" 4
}
