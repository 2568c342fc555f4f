#!/bin/sh
# Runs before the server is told to stop, whoever deletes the pod: a master hands its slots to the
# replica that has most, which loses nothing. If it cannot, the server stops all the same, and the
# operator sees to a failover.
set -u

cli=redis-cli
command -v "$cli" >/dev/null || cli=valkey-cli

replication() { "$cli" info replication 2>/dev/null | tr -d '\r'; }

# Of "slave0:ip=10.1.2.3,port=6379,state=online,offset=42,lag=0": OFFSET IP PORT, the greatest first.
replicas() { sed -n 's/^slave[0-9]*:ip=\([^,]*\),port=\([0-9]*\),state=online,offset=\([0-9]*\),.*/\3 \1 \2/p' | sort -rn; }

info=$(replication)
printf '%s\n' "$info" | grep -q '^role:master' || exit 0
successor=$(printf '%s\n' "$info" | replicas | head -n 1)
[ -n "$successor" ] || exit 0
# shellcheck disable=SC2086 # three words
set -- $successor
timeout 2 "$cli" -h "$2" -p "$3" cluster failover || exit 0

# Accepted is not done. The server gives up after 5 s; so does this, or once the replica is gone, too.
tries=0
while [ "$tries" -lt 50 ]; do
	info=$(replication)
	printf '%s\n' "$info" | grep -q '^role:master' || exit 0
	[ -n "$(printf '%s\n' "$info" | replicas)" ] || exit 0
	tries=$((tries + 1))
	sleep 0.1
done
