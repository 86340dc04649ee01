# SPDX-License-Identifier: GPL-2.0
# Each kind of fault, caused on purpose, is found in its row and in no other
# machines: intel amd
# memory: 2048

N=41
WANTED=/tmp/apart.wanted
FOUND=/tmp/apart.found

# Where the function takes plain arguments, nobody says what was mapped.
level()
{
	if grep -q 'plain arguments' $KVMFAULT_DIR/summary; then
		echo -
	else
		echo "$1"
	fi
}

# row ACCESS CAUSE OUTCOME LEVEL COUNT: so many are wanted in that row.
row()
{
	[ "$5" -eq 0 ] || echo "$1 $2 $3 $(level "$4") $5" >> $WANTED
}

# The code page and three page tables.
system_rows()
{
	row exec absent fixed 4K "$1"
	row "$(page_walk)" absent fixed 4K $((3 * $1))
}

# One line for each row, however often it was named.
add_up()
{
	awk '{ count[$1 " " $2 " " $3 " " $4] += $5 }
		END { for (row in count) print row, count[row] }' | sort
}

found_rows()
{
	awk -v vm=$vm '
		NR == 1 {
			for (i = 1; i <= NF; i++)
				at[$i] = i
			next
		}
		$at["vm"] == vm {
			print $at["access"], $at["cause"], $at["outcome"],
				$at["level"], $at["count"]
		}' $KVMFAULT_DIR/faults | add_up
}

# begin ARGS...: a guest that has done what the arguments say, and holds. What it
# starts from is wanted.
begin()
{
	vm=$((vm + 1))
	: > $WANTED
	system_rows 1
	guest_start "$@" --hold
	guest_settled
}

# KVM's own account of the VM, if it has one.
kvm_stat()
{
	cat /sys/kernel/debug/kvm/"$(guest_pid)"-*/"$1" 2>/dev/null
}

found_sum()
{
	awk -v "pattern=$1" '$0 ~ pattern { s += $5 } END { print s + 0 }' $FOUND
}

# What KVM asks for itself it has not taken; what it fixes then, it counts, but
# not on behalf of KVM_PRE_FAULT_MEMORY: PREFAULTED are in no account.
PREFAULTED=0

compare_with_kvm()
{
	[ -n "$(kvm_stat pf_taken)" ] || return
	eq "$1: KVM has taken as many" "$(kvm_stat pf_taken)" \
		$(($(found_sum .) - $(found_sum ' prefetch ')))
	eq "$1: KVM has fixed as many" "$(kvm_stat pf_fixed)" \
		$(($(found_sum ' fixed ') - PREFAULTED))
	eq "$1: KVM found as many spurious" "$(kvm_stat pf_spurious)" \
		"$(found_sum ' spurious ')"
	eq "$1: KVM has emulated as many" "$(kvm_stat pf_emulate)" \
		"$(found_sum ' emulate ')"
	eq "$1: as many exits for MMIO" "$(kvm_stat mmio_exits)" \
		"$(cell vms vm=$vm userspace)"
}

add_up_to_tdp()
{
	eq "$1: the rows add up" "$(sum faults vm=$vm count)" \
		"$(cell latency vm=$vm,class=tdp count)"
	eq "$1: their times add up" "$(sum faults vm=$vm sum_ns)" \
		"$(cell latency vm=$vm,class=tdp sum_ns)"
	compare_with_kvm "$1"
}

# end NAME: what was wanted was found, nothing else was, and all agree.
end()
{
	found_rows > $FOUND
	add_up < $WANTED > $WANTED.rows
	if cmp -s $WANTED.rows $FOUND; then
		ok "$1: the rows are right"
	else
		not_ok "$1: the rows are right" "found, then wanted:"
		sed 's/^/#   found /' $FOUND
		sed 's/^/#   wanted /' $WANTED.rows
	fi
	add_up_to_tdp "$1"
	guest_release
}

# Until the module has seen some faults, it takes nothing for granted.
vm=0
kvmfault_load
guest --pages 64 > /dev/null
vm=1

begin --pages $N --mmio 5
row write absent fixed 4K $N
row write mmio emulate - 1
end "first writes and MMIO"

begin --scene read --pages $N
row read absent fixed 4K $N
end "first reads"

begin --scene exec --pages $N
row exec absent fixed 4K $N
end "first fetches"

begin --scene cow --pages $N
row read absent fixed 4K $N
row write protected retry - $N
row write absent fixed 4K $N
end "copy on write"

begin --scene readonly --pages $N
row write absent emulate - $N
row read absent fixed 4K $N
row write protected emulate - $N
end "a read-only slot"

begin --pages $((3 * 512)) --huge
row write absent fixed 2M 3
end "transparent huge pages"

echo 4 > /proc/sys/vm/nr_hugepages
begin --pages $((3 * 512)) --hugetlb
row write absent fixed 2M 3
end "reserved huge pages"
echo 0 > /proc/sys/vm/nr_hugepages

# Each time the slot goes, all mappings do. That the MMIO entry is out of date
# shows when the slot is there again; what was wanted then, Intel does not say.
begin --scene slot --pages 7
row write absent fixed 4K 1
system_rows 7
row write mmio emulate - 7
if [ "$(kvm_vendor)" = kvm_intel ]; then
	row - mmio fixed 4K 7
else
	row write mmio fixed 4K 7
fi
end "a slot that comes and goes"

begin --scene ioeventfd --pages $N
row write mmio emulate - 1
end "an ioeventfd"

begin --scene dirty --pages $N
row write absent fixed 4K $N
if [ "$(cat /sys/module/kvm_intel/parameters/pml 2>/dev/null)" = Y ]; then
	note "the CPU logs writes by itself"
else
	row write protected fixed 4K $((2 * N))
fi
end "dirty logging"

# The vCPU is halted until the page is there. Newer kernels say for what kind of
# access KVM then asks.
begin --scene async --pages $N
row write absent retry - $N
access=read
[ "$(sum faults vm=$vm,access=write,cause=prefetch count)" -eq 0 ] || access=write
row $access prefetch fixed 4K $N
end "pages that come late"

if guest --scene prefault --pages 1 > /dev/null 2>&1; then
	vm=$((vm + 1))
	begin --scene prefault --pages $N
	row read prefetch fixed 4K $N
	PREFAULTED=$N
	end "pre-faulting"
else
	skip "pre-faulting" "this KVM has no KVM_PRE_FAULT_MEMORY"
fi
