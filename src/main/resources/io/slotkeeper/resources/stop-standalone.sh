#!/bin/sh
# Runs before the server stops, however its pod is deleted: a primary hands over to the replica that has most,
# which loses nothing. If it cannot, the server stops all the same, and the operator sees to a failover.
set -u

config=/etc/slotkeeper
# shellcheck source=src/main/resources/io/slotkeeper/resources/leave.sh
. "$config/leave.sh"
if [ -f "$config/announce.sh" ]; then
	# shellcheck source=src/main/resources/io/slotkeeper/resources/announce.sh
	. "$config/announce.sh"
	ask_sentinels() { ask_all master sentinels; }
else
	ask_sentinels() { :; }
	is_superseded() { false; }
	announce() { :; }
fi

says() { printf '%s\n' "$info" | grep -q "^$1"; }

# Where the replica that has most goes before it has all, the next one is tried.
hand_over() {
	info=$(replication)
	says role:master || return 0
	ask_sentinels
	! is_superseded || return 0
	longest=$(left)
	[ "$longest" -le 10 ] || longest=10
	[ "$longest" -gt 0 ] || return 0
	deadline=$(($(date +%s) + longest))
	while before "$deadline" && info=$(replication) && says role:master; do
		# shellcheck disable=SC2046 # three words
		set -- $(printf '%s\n' "$info" | replicas | head -n 1)
		[ $# -eq 3 ] && ! hand_over_to "$2" "$3" || return 0
	done
}

# The server takes no more writes, whatever becomes of this script, and waits until the replica has all; then it becomes
# its replica. FAILOVER would wait for the replica's word, which comes once a second. As nothing is written and the replica
# itself says that it has all, FORCE is safe. Where that takes too long, the server takes writes again.
hand_over_to() { # ADDRESS PORT; fails where another replica may do
	[ "$(timeout 2 "$cli" client pause "${grace}000" write 2>&1)" = OK ] || return 0
	result=1
	if await_all "$1" "$2"; then
		result=0
		[ "$(timeout 2 "$cli" failover to "$1" "$2" force timeout 1 2>&1)" != OK ] || await_end "$1" "$2"
	fi
	timeout 2 "$cli" client unpause >/dev/null 2>&1 || true
	return "$result"
}

# By the clock: a server that is silent takes its time to be asked.
before() { # SECONDS of the epoch
	[ "$(date +%s)" -lt "$1" ]
}

# Until that replica has everything that was written here, or is gone.
await_all() { # ADDRESS PORT
	while before "$deadline"; do
		info=$(replication)
		printf '%s\n' "$info" | replicas | grep -q " $1 $2\$" || return 1
		history=$(field "$info" master_replid)
		offset=$(number "$(field "$info" master_repl_offset)")
		info=$(timeout 2 "$cli" -h "$1" -p "$2" info replication 2>/dev/null | tr -d '\r')
		if [ -n "$history" ] && [ "$(field "$info" master_replid)" = "$history" ] && says master_link_status:up &&
			[ "$(number "$(field "$info" slave_repl_offset)")" -ge "$offset" ]; then
			return 0
		fi
		sleep 0.05
	done
	return 1
}

# Until it is a replica, or a primary again.
await_end() { # ADDRESS PORT of the successor
	end=$(($(date +%s) + longest + 2))
	while before "$end"; do
		info=$(replication)
		if says master_failover_state:no-failover; then
			says role:slave || return 0
			announce "$1" "$2"
			close_clients
			return 0
		fi
		sleep 0.05
	done
}

# They connect again, and are led to the primary.
close_clients() {
	for type in normal pubsub; do
		timeout 2 "$cli" client kill type "$type" >/dev/null 2>&1 || true
	done
}

hand_over
leave
exit 0
