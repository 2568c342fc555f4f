#!/bin/sh
# Runs before the server is told to stop, whoever deletes the pod: a master hands its slots to the
# replica that has most, which loses nothing. If it cannot, the server stops all the same, and the
# operator sees to a failover.
set -u

data=/data
# For start.sh: what the server writes when it stops is later than this.
touch "$data/stopped" || true

cli=redis-cli
command -v "$cli" >/dev/null || cli=valkey-cli

replication() { "$cli" info replication 2>/dev/null | tr -d '\r'; }

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

! done_with_it || exit 0

# A server votes once per epoch. Where two shards ask for votes at the same moment, as when a node with both of
# their masters is drained, one of them may get too few. So the shards of a Redis take turns.
shard=${HOSTNAME:-}
shard=${shard##*-shard}
shard=${shard%%-*}
case $shard in
'' | *[!0-9]*) shard=0 ;;
esac
turn=$((shard % 10 * 2))
sleep "$((turn / 10)).$((turn % 10))"
! hand_over || exit 0

# A replica that got too few votes does not ask again for four node timeouts. Until then this
# server goes on; there is time for that within the pod's grace period, unless it is a long one.
timeout=$("$cli" config get cluster-node-timeout 2>/dev/null | tr -d '\r' | tail -n 1)
case $timeout in
'' | *[!0-9]*) exit 0 ;;
esac
wait=$((timeout * 4 / 1000 - 4))
[ "$wait" -le 60 ] || exit 0
[ "$wait" -le 0 ] || sleep "$wait"
hand_over
exit 0
