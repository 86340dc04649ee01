# SPDX-License-Identifier: GPL-2.0
# Files read at every offset and size, and parameters that are anything: what is
# read is a piece of the file, and what is refused is refused
# machines: amd
# files: selftests/files/pieces selftests/lab/users.sh:/users.sh
# programs: setpriv
. /users.sh

PARAMETERS=/sys/module/kvmfault/parameters

# On the kernel's command line: so many pieces of each file, beside each of its bytes.
places=${KVMFAULT_PLACES:-60}
seed=${KVMFAULT_SEED:-1}

# read_pieces FILE: what goes on by itself, or in which a time passes, is only read.
read_pieces()
{
	case ${1##*/} in
	stuck | summary)
		pieces -m -s "$seed" "$1" /tmp/whole "$places" ;;
	*)	pieces -s "$seed" "$1" /tmp/whole "$places" ;;
	esac > /tmp/pieces
}

# Two have done their work, and the third waits for a page.
at_rest()
{
	[ "$(grep -c '^hold ' /tmp/stay)" -eq 2 ] && [ "$(rows stuck)" -eq 1 ]
}

kvmfault_load hot=Y recent=Y stages=Y
stay=
for what in "--scene async --pages 5 --hold" "--scene nested --pages 18 --hold" --stuck; do
	kvmfault-guest $what < /dev/null >> /tmp/stay &
	stay="$stay $!"
done
guest_hold --pages 40 --mmio 6 --vcpus 3
check "all guests are at rest" wait_until 60 at_rest

for file in "$KVMFAULT_DIR"/*; do
	cat "$file" > /tmp/whole
	ge "${file##*/} has rows" "$(wc -l < /tmp/whole)" 2
	if read_pieces "$file"; then
		ok "${file##*/}: each byte, any size from any offset, and far behind"
	else
		not_ok "${file##*/}: each byte, any size from any offset" \
			"$(head -n 1 /tmp/pieces)"
	fi
	note "${file##*/}: $(tail -n 1 /tmp/pieces)"
done
guest_release
kill $stay
wait $stay
parameters=$(ls $PARAMETERS)
kvmfault_unload

# Any value of any parameter: it loads and unloads, or says EINVAL. That takes its
# time, so it is every other value, and of the next parameter those between.
stride=${KVMFAULT_STRIDE:-2}
cat > /tmp/values << END

0
-1
1
4294967295
4294967296
18446744073709551616
0x10
1e3
yes
%s%s%n
/../../x
kretprobe
kretprobe,direct
$(printf 'a%.0s' $(seq 200))
END
turn=0
for parameter in $parameters nonsense; do
	while read -r value; do
		turn=$(((turn + 1) % stride))
		[ $turn -eq 0 ] || continue
		said=$(insmod /kvmfault.ko "$parameter=$value" 2>&1)
		if lab_is_loaded kvmfault; then
			rmmod kvmfault || not_ok "$parameter=$value" "it stays"
			continue
		fi
		case $said in
		*"Invalid argument"*|*"invalid parameter"*|*"umerical result"*|\
		*"No such file"*|*"nknown symbol"*|*"out of range"*)	;;
		*)	not_ok "$parameter=$value" "$said" ;;
		esac
	done < /tmp/values
	ok "any value of $parameter"
done

# Written while it is loaded, by root.
kvmfault_load
for parameter in $parameters; do
	file=$PARAMETERS/$parameter
	case $(stat -c %a "$file") in
	644)	;;
	444)	if echo 1 2>/dev/null > "$file"; then
			not_ok "$parameter cannot be written"
		fi
		continue ;;
	*)	not_ok "$parameter is for root" "$(stat -c %a "$file")" ;;
	esac
	before=$(cat "$file")
	for value in "" what -1 99999999999 "kretprobe kretprobe" \
		"$(printf 'b%.0s' $(seq 4000))"; do
		if echo "$value" 2>/dev/null > "$file"; then
			not_ok "$parameter is not '$value'" "it was taken"
		fi
	done
	eq "$parameter is what it was" "$(cat "$file")" "$before"
	while read -r value; do
		echo "$value" 2>/dev/null > "$file"
	done < /tmp/values
	check "$parameter is what it was again" eval 'echo "$before" > "$file"'
	eq "as it says: $parameter" "$(cat "$file")" "$before"
done
for file in "$KVMFAULT_DIR"/*; do
	if echo 1 2>/dev/null > "$file"; then
		not_ok "${file##*/} cannot be written"
	fi
done

# By anybody, where debugfs is open to all.
chmod 755 "${KVMFAULT_DIR%/*}"
cat > /tmp/open << 'END'
for file in /sys/kernel/debug/kvmfault/*; do
	cat $file
	echo 1 > $file
done
for file in /sys/module/kvmfault/parameters/*; do
	echo 1 > $file
done
END
as_user "sh /tmp/open" > /tmp/said
chmod 700 "${KVMFAULT_DIR%/*}"
eq "a user opens nothing" "$(grep -c "Permission denied" /tmp/said)" \
	"$(($(ls "$KVMFAULT_DIR" | wc -l) * 2 + $(ls $PARAMETERS | wc -l)))"

guest --pages 12
expect_of --pages 12
eq "it counts as before" "$(cell vms vm=0 tdp)" "$(expected tdp)"
