# Part of start.sh: which replica has writes that this master acknowledged, and may not have written to its AOF.
#
# With "appendfsync everysec" a server answers at once, and while the disk is busy it writes to the AOF up to two seconds
# later (aof.c: flushAppendOnlyFile). Killed in that time, it lacks writes that its replicas have, even those that a client
# waited for (WAIT). They would copy it as it is, and lose them, too.

# shellcheck disable=SC2154 # data, aof, source: of start.sh

may_lack_writes() {
	[ "$source" = aof ] && is_whole && [ ! -e "$data/stopped" ] && [ "$(setting appendfsync)" != always ]
}

# Its link did not break before the last write to the AOF. Seconds are rounded. A node that loses its power closes no
# connection: then the link looks up for repl-timeout, and only what came last over it tells when this server ended.
was_linked() { # ADDRESS
	silent=$(ask "$1" info replication </dev/null | tr -d '\r' |
		sed -En 's/^master_l(ast_io_seconds_ago|ink_down_since_seconds):([0-9]+)$/\2/p')
	[ -n "$silent" ] || return 1 # no answer, or not linked since its own start
	written=$(stat -c %Y "$aof"/appendonly.aof.* | sort -n | tail -n 1)
	[ $(($(date +%s) - silent - written)) -ge -1 ]
}

# "moved" if a replica has taken over, "waiting" if one could do so without a loss. A master that knows a replica only
# from the gossip of others does not know whose it is.
unwritten() { # ID
	sed -En "s/^[^ ]* ([0-9a-f][^ @]*)@[^ ]* [a-z,?]*slave[^ ]* ($1|-) .*/\1/p" "$data/nodes.conf" | while read -r replica; do
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

# For as long as the servers need to elect a successor. Where they have no majority, the operator appoints one; if its
# leader has ended, too, another leads after some 15 s. Nearly all is in the AOF, so the shard does not wait any longer.
wait_for_unwritten() {
	id=$(my_id)
	if [ -z "$id" ] || ! may_lack_writes; then
		return 0
	fi
	patience=$(($(setting cluster-node-timeout) * 2 / 1000 + 20))
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
