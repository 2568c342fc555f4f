#!/bin/sh
# Runs before the server is told to stop, whoever deletes the pod: a primary hands over to the replica that has most,
# which loses nothing. If it cannot, the server stops all the same, and the operator sees to a failover.
set -u

config=/etc/slotkeeper
# shellcheck source=src/main/resources/io/slotkeeper/resources/leave.sh
. "$config/leave.sh"

says() { printf '%s\n' "$info" | grep -q "^$1"; }

# The server stops taking writes, waits until the replica has all, and becomes its replica. It gives up where that takes
# too long, and then takes writes again.
hand_over() {
	info=$(replication)
	says role:master || return 0
	# shellcheck disable=SC2046 # three words
	set -- $(printf '%s\n' "$info" | replicas | head -n 1)
	[ $# -eq 3 ] || return 0
	longest=$(left)
	[ "$longest" -le 10 ] || longest=10
	[ "$longest" -gt 0 ] || return 0
	[ "$(timeout 2 "$cli" failover to "$2" "$3" timeout "${longest}000" 2>&1)" = OK ] || return 0
	tries=$(((longest + 2) * 5))
	while [ "$tries" -gt 0 ]; do
		info=$(replication)
		if says master_failover_state:no-failover; then
			! says role:slave || close_clients
			return 0
		fi
		tries=$((tries - 1))
		sleep 0.2
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
