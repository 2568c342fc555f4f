# Part of start.sh: which replica has writes that this master acknowledged, and may not have written to its AOF.
#
# With "appendfsync everysec" a server answers at once, and while the disk is busy it writes to the AOF up to two seconds
# later (aof.c: flushAppendOnlyFile). Killed in that time, it lacks writes that its replicas have, even those that a client
# waited for (WAIT). They would copy it as it is, and lose them, too.

# shellcheck disable=SC2154 # data, aof, source: of start.sh

may_lack_writes() {
	[ "$source" = aof ] && is_whole && [ ! -e "$data/stopped" ] && [ "$(setting appendfsync)" != always ]
}

# Its link broke with the end of this server, and not before the last write to the AOF. If that was long before the end,
# nothing waited to be written. Seconds are rounded.
was_linked() { # ADDRESS
	broken=$(ask "$1" info replication </dev/null | tr -d '\r' |
		sed -n -e 's/^master_link_status:up$/0/p' -e 's/^master_link_down_since_seconds:\([0-9]\{1,\}\)$/\1/p')
	[ -n "$broken" ] || return 1 # no answer, or not linked since its own start
	written=$(stat -c %Y "$aof"/appendonly.aof.* | sort -n | tail -n 1)
	later=$(($(date +%s) - broken - written))
	[ "$later" -ge -1 ] && [ "$later" -le 5 ]
}

# "moved" if a replica has taken over, "waiting" if one could do so without a loss.
unwritten() { # ID
	sed -n "s/^[^ ]* \([0-9a-f][^ @]*\)@[^ ]* [a-z,?]*slave[^ ]* $1 .*/\1/p" "$data/nodes.conf" | while read -r replica; do
		answer=$(ask "$replica" cluster nodes </dev/null)
		if ! echo "$answer" | grep -q "^$1 "; then
			continue # no answer, or a stranger's
		elif echo "$answer" | is_replaced "$1"; then
			echo moved
			break
		elif echo "$answer" | grep -Eq " myself,slave(,nofailover)? $1 " && was_linked "$replica"; then
			echo waiting
			break
		fi
	done
}

# For as long as the servers need to elect a successor without the operator, which needs less. Nearly all is in the AOF,
# so the shard does not wait any longer than that.
wait_for_unwritten() {
	id=$(my_id)
	if [ -z "$id" ] || ! may_lack_writes; then
		return 0
	fi
	patience=$(($(setting cluster-node-timeout) * 2 / 1000 + 5))
	since=$(date +%s) said='' doubt=''
	while :; do
		case $(unwritten "$id") in
		moved)
			say "another has taken over: starting as its replica"
			return 0
			;;
		waiting)
			[ -n "$said" ] || say "this master was killed, and a replica may have writes that are not in the AOF: waiting until it has taken over"
			said=yes
			if [ $(($(date +%s) - since)) -ge "$patience" ]; then
				say "no replica has taken over for $patience seconds: starting with the AOF"
				return 0
			fi
			;;
		*)
			# An answer may be late.
			[ -z "$doubt" ] || return 0
			doubt=yes
			;;
		esac
		sleep 0.2
	done
}
