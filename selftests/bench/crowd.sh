# SPDX-License-Identifier: GPL-2.0
#
# For the parts of the bench: a crowd of VMs. Sourced inside.
#
#	crowd_start VMS     have so many, which have faulted
#	crowd_fault         have each of them fault twice, in a way that costs KVM
#	                    no memory
#	crowd_stop          be rid of them

CROWD_SAID=/tmp/crowd
CROWD_INPUT=/tmp/crowd.input

crowd_said()
{
	[ "$(tail -n 1 $CROWD_SAID)" = "$1" ]
}

crowd_start()
{
	rm -f $CROWD_INPUT
	mkfifo $CROWD_INPUT
	: > $CROWD_SAID
	kvmfault-crowd "$1" < $CROWD_INPUT > $CROWD_SAID 2>&1 &
	crowd=$!
	exec 7> $CROWD_INPUT
	wait_until 600 crowd_said ready
}

crowd_fault()
{
	: > $CROWD_SAID
	echo >&7
	wait_until 600 crowd_said done
}

crowd_stop()
{
	exec 7>&-
	wait $crowd
}
