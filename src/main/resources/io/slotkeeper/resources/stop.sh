#!/bin/sh
# Runs before the server stops, however its pod is deleted: a master hands its slots to the
# replica that has most, which loses nothing. If it cannot, the server stops all the same, and the
# operator sees to a failover.
set -u

config=/etc/slotkeeper
# shellcheck source=src/main/resources/io/slotkeeper/resources/leave.sh
. "$config/leave.sh"

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

hand_over_in_turn
leave
exit 0
