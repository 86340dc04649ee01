# SPDX-License-Identifier: GPL-2.0
# Somebody's probe with a post_handler has come to a function that we probe, and gone;
# another one is still there: the kernel cannot take ours out, and is not made to. These
# functions are its own: of those that go with KVM it warns itself
# machines: amd
[ -e /post.ko ] || skip_all "there is nobody with a post_handler"

PARAMETER=/sys/module/kvmfault/parameters/stages

# Of all guests until now, who are gone.
seen()
{
	echo "$(cell stages vm=0,stage=gup-fast count)" \
		"$(cell stages vm=0,stage=gup-slow count)"
}

plus() # FAST SLOW FAST SLOW
{
	echo "$(($1 + $3)) $(($2 + $4))"
}

visit()
{
	insmod /post.ko function="$1" && rmmod post
}

stays()
{
	dmesg | grep -c "take a probe on get_user_pages_$1.* an empty one stays"
}

kvmfault_load stages=Y
guest --pages 23
one=$(seen)
ge "calls of the fast one" "${one% *}" 23
ge "calls of the slow one" "${one#* }" 23

check "one comes and goes" visit get_user_pages_fast_only
check "one stays" insmod /post.ko function=get_user_pages_unlocked
guest --pages 23
eq "all are counted beside it" "$(seen)" "$(plus $one $one)"

echo N > $PARAMETER
eq "an empty one stays where somebody was" "$(stays fast_only)" 1
eq "an empty one stays where somebody is" "$(stays unlocked)" 1
check "who stayed goes" rmmod post
guest --pages 23
echo Y > $PARAMETER
before=$(seen)
guest --pages 23
eq "all are counted again" "$(seen)" "$(plus $before $one)"

check "somebody comes and goes again" visit get_user_pages_fast_only
check "and again" visit get_user_pages_unlocked
kvmfault_unload
eq "it unloads" "$?" 0
guest --pages 23
kvmfault_load stages=Y
guest --pages 23
eq "all are counted anew" "$(seen)" "$one"
eq "nothing more stays" "$(($(stays fast_only) + $(stays unlocked)))" 2
