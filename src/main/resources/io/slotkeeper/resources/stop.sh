#!/bin/sh
# Runs before the server is told to stop, whoever deletes the pod: a master hands its slots to the
# replica that has most, which loses nothing. If it cannot, the server stops all the same, and the
# operator sees to a failover.
set -u

# Not what the environment says: it may come from the user of the resource.
HOSTNAME=$(uname -n)
LC_ALL=C
export HOSTNAME LC_ALL

config=/etc/slotkeeper
data=/data
# Of the pod; the kubelet counts from the start of this script, and kills the server at the end.
grace=${SLOTKEEPER_GRACE_SECONDS:-120}
began=$(date +%s)
# For start.sh: what the server writes when it stops is later than this.
touch "$data/stopped" || true

cli=redis-cli
command -v "$cli" >/dev/null || cli=valkey-cli
# shellcheck source=src/main/resources/io/slotkeeper/resources/persistence.sh
. "$config/persistence.sh"

replication() { timeout 2 "$cli" info replication 2>/dev/null | tr -d '\r'; }

setting() { timeout 2 "$cli" config get "$1" 2>/dev/null | tr -d '\r' | sed 1d; }

# Of "slave0:ip=10.1.2.3,port=6379,state=online,offset=42,lag=0": OFFSET IP PORT, the greatest first.
replicas() { sed -n 's/^slave[0-9]*:ip=\([^,]*\),port=\([0-9]*\),state=online,offset=\([0-9]*\),.*/\3 \1 \2/p' | sort -rn; }

# There is nothing, or nothing more, to hand over.
done_with_it() {
	info=$(replication)
	! printf '%s\n' "$info" | grep -q '^role:master' || [ -z "$(printf '%s\n' "$info" | replicas)" ]
}

hand_over() {
	successor=$(replication | replicas | head -n 1)
	# shellcheck disable=SC2086 # three words
	set -- $successor
	[ $# -lt 3 ] || timeout 2 "$cli" -h "$2" -p "$3" cluster failover || return 1
	# Accepted is not done. The server gives up after 5 s; so does this, or once the replica is gone, too.
	tries=0
	while [ "$tries" -lt 25 ]; do
		! done_with_it || return 0
		tries=$((tries + 1))
		sleep 0.2
	done
	return 1
}

# Seconds until the server must be told to stop: it waits for its replicas (shutdown-timeout), then
# writes its dump as slowly as it did last.
left() {
	look 2>/dev/null || true
	writes=$(field "$info" rdb_last_bgsave_time_sec)
	waits=$(setting shutdown-timeout)
	echo $((began + grace - $(date +%s) - $(number "$writes") - $(number "$waits") - 5))
}

number() {
	case $1 in
	'' | *[!0-9]*) echo 0 ;;
	*) echo "$1" ;;
	esac
}

hand_over_in_turn() {
	! done_with_it || return 0
	# A server votes once per epoch. Where two shards ask for votes at the same moment, as when a node with
	# both of their masters is drained, one of them may get too few. So the shards of a Redis take turns.
	shard=$HOSTNAME
	shard=${shard##*-shard}
	shard=${shard%%-*}
	turn=$(($(number "$shard") % 10 * 2))
	sleep "$((turn / 10)).$((turn % 10))"
	! hand_over || return 0
	# A replica that got too few votes does not ask again for four node timeouts. Until then this server
	# goes on, if there is time for that within the pod's grace period.
	wait=$(($(number "$(setting cluster-node-timeout)") * 4 / 1000 - 4))
	[ $((wait + 6)) -le "$(left)" ] || return 0
	[ "$wait" -le 0 ] || sleep "$wait"
	hand_over || return 0
}

# Where only a dump keeps the data of a master, one is written before the server is told to stop: if it
# is killed while it writes the last one, this one is not old. Only where there is time for both.
snapshot() {
	look 2>/dev/null || return 0
	[ "$(field "$info" role)" = master ] && [ "$(field "$info" aof_enabled)" = 0 ] && [ -n "$(setting save)" ] ||
		return 0
	writes=$(number "$(field "$info" rdb_last_bgsave_time_sec)")
	tries=$(((($(left) - writes)) * 5))
	[ "$tries" -gt 0 ] && timeout 2 "$cli" bgsave >/dev/null 2>&1 || return 0
	while [ "$tries" -gt 0 ] && look 2>/dev/null && [ "$(field "$info" rdb_bgsave_in_progress)" = 1 ]; do
		tries=$((tries - 1))
		sleep 0.2
	done
}

hand_over_in_turn
snapshot
! look 2>/dev/null || note stopping
exit 0
