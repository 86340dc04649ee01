# SPDX-License-Identifier: GPL-2.0
# Completion of kvmfault's commands, options and what they take, for bash.

_kvmfault_vms()
{
	kvmfault vms -s 2>/dev/null | awk 'NR > 1 { print $1 }'
}

_kvmfault_probes()
{
	kvmfault probes -s 2>/dev/null | awk 'NR > 1 { print $1 }'
}

# The first word that is no option, nor taken by one.
_kvmfault_command()
{
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-v|--vm|-C|--class|-i|--interval|-c|--count|-o|--output|\
		-a|--access|-m|--min|-d|--duration|-b|--buffer|--gva)
			((i++)) ;;
		-*)	;;
		*)	echo "${COMP_WORDS[i]}"
			return ;;
		esac
	done
}

_kvmfault_words()
{
	case $1 in
	'')	echo vms vcpus latency histogram faults shadow hot recent stuck \
			async stages tree causes setup memslots threads translate \
			probes show top monitor export set reset enable \
			disable ;;
	show|shadow|hot|recent|stuck|async|tree|causes|setup|memslots|threads|translate)	_kvmfault_vms ;;
	monitor)	echo vm alert setup ;;
	export)	echo --prometheus ;;
	set)	echo alert alert-interval engine kretprobe direct recent hot \
			stages stuck-after stuck-repeats \
			on off ;;
	enable|disable)	_kvmfault_probes ;;
	esac
}

_kvmfault()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local words

	case $before in
	-v|--vm)	words=$(_kvmfault_vms) ;;
	-C|--class)	words="violation misconfig tdp shadow" ;;
	-a|--access)	words="read write exec" ;;
	-i|--interval|-c|--count|-m|--min|-d|--duration|-b|--buffer|--gva)
		return ;;
	-o|--output)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return ;;
	*)
		if [[ $word == -* ]]; then
			words="--vm --class --interval --count --full --follow
				--access --min --duration --buffer --hva --gva --raw
				--json --pretty --timestamp --prometheus
				--output --help --version"
		else
			words=$(_kvmfault_words "$(_kvmfault_command)")
		fi ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _kvmfault kvmfault
