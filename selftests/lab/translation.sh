# SPDX-License-Identifier: GPL-2.0
#
# For cases: the way of an address, as asked for by netlink, and what the guest and the
# kernel say of it. Sourced after lib.sh.
#
#	where VCPU KEY		what a guest with --where has told of a vCPU
#	hex NUMBER
#	translate ARGS...	into /tmp/way, one name=value a line
#	step NAME		its value; numbers in hex
#	pagemap PID HVA		what the kernel says of a page of a process

where()
{
	sed -n "s/^where vcpu=$1 .*$2=\([^ ]*\).*/\1/p" "$GUEST_LOG"
}

hex()
{
	printf '0x%x' "$(($1))"
}

translate()
{
	nltest do translate "$@" > /tmp/said
	sed "s/^translate //; s/why='.*//" /tmp/said | tr ' ' '\n' |
		grep '=' > /tmp/way
	sed -n "s/.* why='\(.*\)'.*/why=\1/p" /tmp/said >> /tmp/way
}

step()
{
	local value

	value=$(sed -n "s/^$1=//p" /tmp/way)
	case $value in
	''|*[!0-9]*)	echo "$value" ;;
	*)		hex "$value" ;;
	esac
}

pagemap()
{
	dd if="/proc/$1/pagemap" bs=8 skip=$(($2 / 4096)) count=1 2>/dev/null |
		od -An -t u8 | tr -d ' '
}
