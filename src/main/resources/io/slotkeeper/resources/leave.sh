# Part of each stop script: what a server can tell, how much time there is, and what is written before it stops.

# shellcheck disable=SC2154 # config: of the script that reads this

# Not what the environment says: it may come from the user of the resource.
HOSTNAME=$(uname -n)
LC_ALL=C
export HOSTNAME LC_ALL

data=/data
# Of the pod; the kubelet counts from the start of this script, and kills the server at the end.
grace=${SLOTKEEPER_GRACE_SECONDS:-120}
began=$(date +%s)
# For start.sh: what the server writes when it stops is later than this.
touch "$data/stopped" || true

# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/password.sh
. "$config/password.sh"
reach
log_in_here "$port"
# shellcheck source=src/main/resources/io/slotkeeper/resources/persistence.sh
. "$config/persistence.sh"

replication() { timeout 2 "$cli" info replication 2>/dev/null | tr -d '\r'; }

setting() { timeout 2 "$cli" config get "$1" 2>/dev/null | tr -d '\r' | sed 1d; }

# Of "slave0:ip=10.1.2.3,port=6379,state=online,offset=42,lag=0": OFFSET IP PORT, the greatest first.
replicas() { sed -n 's/^slave[0-9]*:ip=\([^,]*\),port=\([0-9]*\),state=online,offset=\([0-9]*\),.*/\3 \1 \2/p' | sort -rn; }

# Seconds until the server must begin to stop: it waits for its replicas (shutdown-timeout), then
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

# Where only a dump keeps the data of a master, one is written before the server stops: if it
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

leave() {
	snapshot
	! look 2>/dev/null || note stopping
}
