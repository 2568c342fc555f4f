# Part of each start script: the settings, the data on the volume, and the start itself.

# shellcheck disable=SC2154 # config, announce: of the script that reads this

# Not what the environment says: it may come from the user of the resource.
HOSTNAME=$(uname -n)
LC_ALL=C
export HOSTNAME LC_ALL

run=/run/slotkeeper
data=/data
conf=$run/redis.conf

say() { echo "slotkeeper: $*"; }

setting() { # NAME: its value, in lower case and without quotes; the last line wins
	sed -n "s/^$1  *//p" "$conf" | tail -n 1 | tr 'A-Z' 'a-z' | tr -d "\"' "
}

write_conf() { # FILE
	umask 077
	cat "$1" >"$conf"
	# With it, peers learn a new address from the server itself.
	echo "$announce $POD_IP" >>"$conf"
	rm -f "$run/password"
	if [ -n "${REDISCLI_AUTH:-}" ]; then
		printf %s "$REDISCLI_AUTH" >"$run/password" # for run.sh
		read_passwords
		{
			printf 'requirepass "%s"\nmasterauth "%s"\n' "$current" "$common"
			accept_previous
		} >>"$conf"
	fi
	umask 022
}

# A server starts from what its volume has, whatever is wanted now: what is wanted decides how it goes
# on, and the operator leads it there. Until then an AOF stays on.
decide() {
	source=$(newest)
	read_note
	wanted=$(setting appendonly)
	case $source:$wanted in
	aof:* | *:yes) appendonly=yes ;;
	*) appendonly=no ;;
	esac
	if [ "$source:$wanted" = aof:no ]; then
		say "the AOF has the newest data: it stays on until a snapshot has all"
	fi
	echo "appendonly $appendonly" >>"$conf"
}

# With "appendonly yes" a server that finds no AOF starts empty, even beside a dump.rdb. So the dump
# becomes the base of a new AOF. At each point there is a manifest of whole files, or none and the dump.
adopt_dump() {
	say "dump.rdb has the newest data and appendonly is on: it becomes the base of the AOF"
	new=$aof.new
	rm -rf "$new" && mkdir "$new"
	ln "$dump" "$new/appendonly.aof.1.base.rdb" || cp "$dump" "$new/appendonly.aof.1.base.rdb"
	echo "file appendonly.aof.1.base.rdb seq 1 type b" >"$new/${manifest##*/}"
	put_aof_away "$(identity "$manifest")"
	[ ! -e "$aof" ] && mv "$new" "$aof"
}

prepare() {
	case $source:$appendonly in
	dump:yes) adopt_dump ;;
	dump:no | none:no) put_aof_away "$(identity "$manifest")" ;;
	esac
	case $appendonly in
	yes) write_note on "$(identity "$dump")" ;;
	*) write_note off "$(identity "$dump")" ;;
	esac
}

# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/password.sh
. "$config/password.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/memory.sh
. "$config/memory.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/accepted.sh
. "$config/accepted.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/users.sh
. "$config/users.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/persistence.sh
. "$config/persistence.sh"

# One server at a time: a pod that was deleted by force may run on beside its successor on the same Kubernetes node, and
# goes on acknowledging writes. A server that had loaded the files by then would lack these. The server inherits the
# lock; it ends with the container. Without flock, or on a volume that cannot be written, there is none.
lock_volume() {
	command -v flock >/dev/null && (: >>"$data/lock") 2>/dev/null || return 0
	exec 9>>"$data/lock"
	flock -n 9 && return
	say "another server still uses this volume: waiting until it has ended"
	until flock -n 9; do sleep 0.1; done
}

# What the server is to start with, in $conf.
configure() {
	# As process 1 the shell has no default action for signals.
	trap 'exit 143' TERM INT
	lock_volume
	reach
	server=$(program server)
	require_password
	log_in
	write_conf "$config/redis.conf"
	fit_memory
	settle_conf
	decide
	add_users
}

launch() {
	prepare
	rm -f "$data/stopped"
	# Who can read the environment of process 1 need not see it.
	unset REDISCLI_AUTH
	exec sh "$config/run.sh" "$server" "$cli" "$conf"
}
