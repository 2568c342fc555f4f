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

# A server that hands over takes writes again after 5 s. Its replica may have won by then without a word of it: on a busy
# machine neither runs for seconds. What was written until that word would be lost. So no writes until the replica has
# taken over, or can win no more: it counts votes for two node timeouts, and asks for them within these 5 s.
hand_over() {
	# shellcheck disable=SC2046 # three words
	set -- $(replication | replicas | head -n 1)
	[ $# -eq 3 ] || return 0
	[ "$(timeout 2 "$cli" client pause "${grace}000" write 2>&1)" = OK ] || return 1
	result=1
	if [ "$(timeout 2 "$cli" -h "$2" -p "$3" cluster failover 2>&1)" = OK ]; then
		await_takeover && result=0
	fi
	timeout 2 "$cli" client unpause >/dev/null 2>&1 || true
	return "$result"
}

# Accepted is not done. There is nothing to wait for once the replica is gone, too.
await_takeover() {
	end=$(($(date +%s) + attempt))
	while ! done_with_it; do
		[ "$(date +%s)" -lt "$end" ] || return 1
		sleep 0.05
	done
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
	timeouts=$(number "$(setting cluster-node-timeout)")
	attempt=$((timeouts * 2 / 1000 + 5))
	[ "$attempt" -le "$(left)" ] || attempt=5
	! hand_over || return 0
	# A replica that got too few votes does not ask again for four node timeouts. Until then this server
	# goes on, if there is time for that within the pod's grace period.
	wait=$((timeouts * 4 / 1000 + 1 - attempt))
	[ "$wait" -gt 0 ] || wait=0
	[ $((wait + attempt + 1)) -le "$(left)" ] || return 0
	sleep "$wait"
	hand_over || return 0
}

hand_over_in_turn
leave
exit 0
