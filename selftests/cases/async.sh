# SPDX-License-Identifier: GPL-2.0
# Pages that a worker of KVM waits for, with and without a guest that is told
# machines: amd intel
# files: selftests/netlink/nltest

T=/sys/kernel/tracing
EVENTS=$T/events/kvm

# column COLUMN [ROW]: of the vCPU that is at it, or of the row.
column()
{
	cell async "${2:-vm=$vm,vcpu=0}" "$1"
}

# columns WHAT NAME=VALUE...: a check of each.
columns()
{
	local what=$1 pair

	shift
	for pair in "$@"; do
		eq "$what: ${pair%=*}" "$(column "${pair%=*}")" "${pair#*=}"
	done
}

tracing()
{
	local event

	for event in $EVENTS/kvm_async_pf_*/enable; do
		echo "$1" > "$event"
	done
	echo "$1" > $T/events/kvmfault/kvmfault_fault/enable
}

# said EVENT: how often KVM's own tracepoint says so, less what it says to a guest
# that begins to listen.
said()
{
	grep " kvm_async_pf_$1:" /tmp/trace | grep -vc 'token 0xffffffff '
}

# The name that 5.10 has for it comes second.
said_repeated()
{
	echo $(($(said repeated_fault) + $(said doublefault)))
}

trace_begin()
{
	echo > $T/trace
	tracing 1
}

trace_end()
{
	tracing 0
	cat $T/trace > /tmp/trace
}

# as_traced WHAT: the guest's vCPU against KVM's own tracepoints.
as_traced()
{
	eq "$1: set up as KVM says" "$(column setup)" "$(said not_present)"
	eq "$1: ready as KVM says" "$(column ready)" "$(said ready)"
	eq "$1: repeated as KVM says" "$(column repeated)" "$(said_repeated)"
}

# adds_up WHAT: what holds at any moment.
adds_up()
{
	eq "$1: what is set up becomes ready, is given up or outstanding" \
		"$(column setup)" \
		"$(($(column ready) + $(column cancelled) + $(column outstanding)))"
	eq "$1: the guest is told, or the vCPU halted" "$(column setup)" \
		"$(($(column delivered) + $(column halted)))"
}

# tokens EVENT, linked CLASS FILTER: KVM's names of asynchronous page faults, sorted.
tokens()
{
	sed -n "s/.* kvm_async_pf_$1: token 0x\([0-9a-f]*\) .*/\1/p" /tmp/trace |
		grep -v '^ffffffff$' | sort
}

linked()
{
	grep "kvmfault_fault:.* class=$1 " /tmp/trace | grep -v " async=0 " |
		grep -- "$2" | sed -n 's/.* async=\([0-9a-f]*\) .*/\1/p' | sort
}

# is_stuck GPA: there and nowhere else.
is_stuck()
{
	[ "$(cell stuck "vm=$vm,vcpu=0" how)" = async ] &&
		[ "$(cell stuck "vm=$vm,vcpu=0" gpa)" = "$1" ]
}

is_given_up()
{
	[ "$(column cancelled vm=0)" -eq $((59 + 1)) ]
}

# all_halted NAME CLASS: N pages that come late, all of them as KVM's events have it.
all_halted()
{
	trace_begin
	guest_hold --scene async --pages $N
	trace_end
	columns "$1" setup=$N delivered=0 halted=$N completed=$N ready=$N \
		cancelled=0 outstanding=0 oldest_ns=0
	as_traced "$1"
	eq "$1: each fault that set one up has its token" \
		"$(linked $2 outcome=retry)" "$(tokens not_present)"
	eq "$1: and so has each prefetch" "$(linked $2 cause=prefetch)" \
		"$(tokens ready)"
}

kvmfault_load
echo 8192 > $T/buffer_size_kb
eq "nothing yet" "$(rows async)" 0
for name in kvm_arch_async_page_not_present kvm_arch_async_page_present \
	kvm_arch_async_page_ready kvm_clear_async_pf_completion_queue \
	kvm_find_async_pf_gfn async_pf_execute; do
	eq "a probe on $name" "$(cell probes "probe=$name" state)" armed
done

N=97
vm=1
all_halted "halted" tdp
eq "halted: completed as KVM says" "$(column completed)" "$(said completed)"
ordered "halted: times" 1 "$(column p50_ns)" "$(column p99_ns)" \
	"$(column max_ns)" "$(column sum_ns)"
eq "no two have the same" "$(tokens not_present | uniq | wc -l)" $N
guest_release
eq "all that is left is with the VMs that are gone" "$(rows async)" 1
eq "all of it" "$(column ready vm=0)" $N
eq "none of it is cancelled" "$(column cancelled vm=0)" 0

# KVM lets a vCPU have 64 at a time. The one that is tried again comes first, and
# all others do not come.
N=61
vm=2
trace_begin
guest_start --scene async-told --pages $N --hold
check "the guest goes on without its pages" wait_until 60 guest_said outstanding
check "that shows as stuck" wait_until 30 is_stuck 0x201000
columns "told" setup=$N delivered=$N halted=0 completed=1 ready=1 cancelled=0 \
	repeated=1 outstanding=$((N - 1))
adds_up "told"
note "$(cat "$KVMFAULT_DIR/async")"
ge "the oldest is as old as that" "$(column oldest_ns)" 1000000000
eq "stuck at the first page that did not come" \
	"$(($(cell stuck vm=$vm gpa)))" $((0x201000))
ge "for so long" "$(cell stuck vm=$vm for_ns)" 1000000000
matches "a person reads it" "$KVMFAULT_DIR/summary" \
	"vm $vm vcpu 0 waits for a page at gpa 0x201000"
matches "and how many there are" "$KVMFAULT_DIR/summary" \
	"^async .*; $((N - 1)) outstanding, the oldest for "
kill "$guest_job"
guest_settled
trace_end
columns "told, at the end" setup=$N delivered=$N halted=0 completed=$N ready=$N \
	cancelled=0 repeated=1 outstanding=0
as_traced "told"
adds_up "told, at the end"
eq "nobody is stuck" "$(rows stuck)" 0
ge "the longest took as long as they did not come" "$(column max_ns)" 1000000000
guest_release

N=59
vm=3
trace_begin
guest_hold --scene async-off --pages $N
trace_end
columns "given up" setup=$N delivered=$N halted=0 completed=7 ready=0 cancelled=$N \
	repeated=0 outstanding=0
as_traced "given up"
adds_up "given up"
guest_release

vm=4
guest_start --scene async-stuck --pages 1
check "a page does not come" wait_until 30 guest_said stuck
check "its halted vCPU is stuck" wait_until 30 is_stuck 0x200000
columns "stuck" setup=1 delivered=0 halted=1 completed=0 ready=0 outstanding=1
kill "$guest_job"
guest_wait
eq "SIGTERM brings the page" "$?" 0
eq "then it was ready" "$(column ready vm=0)" $((97 + 61 + 1))

vm=5
guest_start --scene async-stuck --pages 1
check "another one" wait_until 30 guest_said stuck
kill -9 "$guest_job"
guest_wait
check "with the VM it is given up" wait_until 30 is_given_up
eq "in all, set up" "$(column setup vm=0)" $((97 + 61 + 59 + 1 + 1))
eq "in all, told" "$(column delivered vm=0)" $((61 + 59))

listen()
{
	: > /tmp/alerts
	nltest listen alert 600 > /tmp/alerts &
	listener=$!
	check "somebody listens" wait_until 30 grep -qs listening /tmp/alerts
}

listen_no_more()
{
	kill $listener
	wait $listener 2> /dev/null
}

# A halted vCPU is woken by each interrupt, and faults at the page again: it waits for
# that, and is stuck in no other way.
stuck_ms=/sys/module/kvmfault/parameters/stuck_ms
echo 600000 > $stuck_ms
listen
vm=6
guest_start --scene async-woken --pages 700 --hold
guest_settled
gt "woken, it has tried again" "$(column repeated)" 200
columns "woken" setup=1 delivered=0 halted=1 completed=1
eq "that is no alert" "$(grep -c ntf /tmp/alerts)" 0
guest_release
echo 1000 > $stuck_ms
guest --scene async-woken --pages 700 > /dev/null
check "to wait for long is one" wait_until 10 grep -q ntf /tmp/alerts
eq "and of one kind" "$(grep -o ' kind=[a-z]*' /tmp/alerts | sort | uniq -c |
	tr -s ' ')" " 1 kind=async"
listen_no_more

# The module goes while workers wait in what it has probed, and comes back while
# they do: what it has not seen begin it does not see end.
guest_start --scene async-told --pages 47 --hold
check "pages do not come" wait_until 60 guest_said outstanding
check "the module goes meanwhile" kvmfault_unload
check "and comes" kvmfault_load
kill "$guest_job"
guest_settled
eq "what it did not see begin is in no count" "$(rows async)" 0
guest_release
N=13
guest --scene async --pages $N > /dev/null
for name in setup halted completed ready; do
	eq "what it does see is: $name" "$(column $name vm=0)" $N
done

# What comes while kprobes are off, behind the module's back, is not seen to come. When
# KVM has no more than one under way, it has come.
kvmfault_unload
kvmfault_load
vm=1
N=23
guest_start --scene async-again --pages $N --hold
check "again: the guest goes on" wait_until 60 guest_said outstanding
echo 0 > $KPROBES_ENABLED
kill "$guest_job"
check "again: they come unseen" wait_until 60 guest_said again
echo 1 > $KPROBES_ENABLED
columns "again, unseen" setup=$N ready=1 outstanding=$((N - 1))
kill "$guest_job"
guest_settled
columns "again" setup=$((N + 1)) ready=2 cancelled=$((N - 1)) outstanding=0
adds_up "again"
check "again: nobody is stuck" wait_until 10 nobody_stuck
guest_release
guest --pages 64 > /dev/null

# With shadow paging KVM does the same in other functions.
with_shadow_paging()
{
	check "KVM goes" kvm_unload
	check "and comes back without two-dimensional paging" kvm_load npt=0
	guest --pages 64 > /dev/null
	N=37
	vm=4
	all_halted "shadow" shadow
	guest_release
	# That the guest is told counts KVM as a page fault that it gives to the guest.
	vm=5
	listen
	guest_start --scene async-told --pages $N --hold
	check "shadow: the guest goes on" wait_until 60 guest_said outstanding
	check "shadow: that shows as stuck" wait_until 30 is_stuck 0x201000
	check "shadow: and is told as such" wait_until 30 \
		grep -q "^alert.* class=shadow.*kind=async\|kind=async.* class=shadow" /tmp/alerts
	columns "shadow, told" setup=$N delivered=$N halted=0 completed=1 ready=1
	eq "shadow: none is the guest's own" \
		"$(sum faults vm=$vm,outcome=injected count)" 0
	eq "shadow: they are tried again" \
		"$(sum faults vm=$vm,class=shadow,outcome=retry count)" $((N + 1))
	listen_no_more
	kill "$guest_job"
	guest_settled
	guest_release
	kvm_unload
	check "KVM comes back as it was" kvm_load
}

# The functions are the same on Intel, where the machine is slow.
[ "$(kvm_vendor)" = kvm_intel ] || with_shadow_paging
