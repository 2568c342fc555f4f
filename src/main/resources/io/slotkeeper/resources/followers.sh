# Part of start.sh: who would copy this server, although it has nothing.

# shellcheck disable=SC2154 # data, cli, port: of start.sh

# Of the other pods of this shard, one says that it is a replica of ID, of which nodes.conf may not have heard yet, or one
# says nothing at all: its machine may be cut off.
has_mate() { # ID
	[ -n "${HOSTNAME:-}" ] || return 1
	for ordinal in 0 1 2 3 4 5; do
		mate=${HOSTNAME%-*}-$ordinal
		if [ "$mate" != "$HOSTNAME" ]; then
			status=0
			answer=$(timeout 2 "$cli" -h "$mate.${HOSTNAME%-shard*}-gvr" -p "$port" cluster nodes 2>/dev/null) || status=$?
			if [ "$status" -eq 124 ] || echo "$answer" | grep -q " myself,slave[^ ]* $1 "; then
				return 0
			fi
		fi
	done
	return 1
}

# A replica follows an address (cluster_legacy.c: replicationSetMaster), whoever is there. If its master is gone, and a
# new server gets that address, it copies that one, and with it nothing. ADDRESS of each that does so and has data:
followers() {
	for witness in $(others); do
		nodes_seen=$(ask "$witness" cluster nodes </dev/null)
		[ -n "$nodes_seen" ] || continue
		printf '%s\n' "$nodes_seen" | sed -n "s/^\([0-9a-f]\{40\}\) $POD_IP:$port@[^ ]* \([a-z,?]*\) .*/\1 \2/p" |
			while read -r former flags; do
				case ,$flags, in *,myself,* | *,handshake,*) continue ;; esac
				printf '%s\n' "$nodes_seen" |
					sed -n "s/^[0-9a-f]\{40\} \([0-9a-f][^ @]*\)@[^ ]* [a-z,]*slave[^ ]* $former .*/\1/p"
			done | while read -r replica; do
			if ask "$replica" info replication </dev/null | tr -d '\r' | grep -qxF "master_host:$POD_IP" &&
				ask "$replica" info keyspace </dev/null | grep -q '^db'; then
				echo "$replica"
			fi
		done
		return 0 # one who answers is enough
	done
}

# Until they have got another master, or are master themselves.
wait_for_followers() {
	if has_dataset || [ -n "$(my_id)" ] || [ -z "${HOSTNAME:-}" ]; then
		return 0
	fi
	patience=$(($(setting cluster-node-timeout) * 3 / 1000 + 10))
	since=$(date +%s) said=
	while following=$(followers) && [ -n "$following" ]; do
		if [ $(($(date +%s) - since)) -ge "$patience" ]; then
			say "still followed after $patience seconds: starting all the same"
			return 0
		fi
		[ -n "$said" ] || say "$(echo "$following" | head -n 1) follows a former master at this address, and would copy an empty server: waiting until it has taken over"
		said=yes
		sleep 0.2
	done
}
