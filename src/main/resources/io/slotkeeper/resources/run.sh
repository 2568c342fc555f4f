#!/bin/sh
# Process 1 of the container: runs the server, passes on the signals that stop it, and reaps the
# processes that probes leave behind. Ends as the server does. start.sh goes on with it, so that the
# password is not in the environment of process 1.
set -u

LC_ALL=C
export LC_ALL

data=/data
run=/run/slotkeeper
config=/etc/slotkeeper

# shellcheck source=src/main/resources/io/slotkeeper/resources/persistence.sh
. "$config/persistence.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/password.sh
. "$config/password.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"
reach

# For start.sh: what the server did right before it stopped. The password is in the environment of
# redis-cli only.
note_stop() {
	[ -e "$data/stopped" ] || touch "$data/stopped"
	if [ -f "$secrets/password" ]; then
		log_in_here "$port"
	elif [ -s "$run/password" ]; then # a container of an older pod template
		REDISCLI_AUTH=$(cat "$run/password" && echo .)
		export REDISCLI_AUTH="${REDISCLI_AUTH%.}"
	fi
	look && note stopping
}

pass_on() { # SIGNAL
	signalled=$1
	if [ -n "$pid" ]; then
		(note_stop) || true
		kill -s "$1" "$pid"
	fi
}

main() {
	pid='' signalled=''
	trap 'pass_on TERM' TERM
	trap 'pass_on INT' INT
	"$1" "$3" &
	pid=$!
	[ -z "$signalled" ] || kill -s "$signalled" "$pid"
	# A signal ends a wait; the server goes on for a while. Each wait reaps whoever has ended meanwhile.
	status=''
	while :; do
		signalled='' before=$status status=0
		wait "$pid" || status=$?
		# Unknown: it had ended in the wait before.
		[ "$status" != 127 ] || [ -z "$before" ] || status=$before
		[ -n "$signalled" ] || exit "$status"
	done
}

main "$@"
