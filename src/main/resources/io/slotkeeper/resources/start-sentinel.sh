#!/bin/sh
# Starts a Sentinel: writes its configuration, and runs it. A Sentinel keeps nothing on a volume. What it must know it
# learns here from the others, or else from the operator; its id follows from its name, so that the others take it for
# the Sentinel that it was.
# Needs a POSIX shell, coreutils, grep and sed, or a busybox.
set -eu

# Not what the environment says: it may come from the user of the resource.
HOSTNAME=$(uname -n)
LC_ALL=C
export HOSTNAME LC_ALL

config=/etc/slotkeeper
run=/run/slotkeeper
conf=$run/sentinel.conf
redis=${HOSTNAME%-sentinel-*}
# shellcheck source=src/main/resources/io/slotkeeper/resources/sentinels.sh
. "$config/sentinels.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/password.sh
. "$config/password.sh"

say() { echo "slotkeeper: $*"; }

learn() { # FILE
	epoch=$(value config-epoch "$1")
	say "the primary is $(value ip "$1"), as the other Sentinels say"
	{
		echo "sentinel monitor $name $(value ip "$1") $(value port "$1") $(value quorum "$1")"
		echo "sentinel config-epoch $name $epoch"
		echo "sentinel current-epoch $epoch"
		for setting in down-after-milliseconds failover-timeout parallel-syncs master-reboot-down-after-period; do
			known=$(value "$setting" "$1")
			[ -z "$known" ] || echo "sentinel $setting $name $known"
		done
		[ -z "${REDISCLI_AUTH:-}" ] || printf 'sentinel auth-pass %s "%s"\n' "$name" "$common"
	} >>"$conf"
}

# With TLS for the others, and where it is required for clients, too.
listen() {
	case $(cat "$config/tls" 2>/dev/null) in
	'') echo "port 26379" ;;
	Allowed) echo "port 26379" && encrypt ;;
	*) echo "port 0" && encrypt ;;
	esac
}

encrypt() {
	echo "tls-port $sentinels_port"
	echo "tls-replication yes"
	echo "tls-auth-clients optional"
	echo "tls-cert-file $config/secrets/tls.crt"
	echo "tls-key-file $config/secrets/tls.key"
	echo "tls-ca-cert-file $config/secrets/ca.crt"
}

configure() {
	umask 077
	{
		listen
		echo "dir $run"
		echo "protected-mode no"
		echo "sentinel myid $(printf %s "$(cat "$config/redis")/$HOSTNAME" | sha1sum | sed 's/ .*//')"
		echo "sentinel announce-ip $POD_IP"
		if [ -n "${REDISCLI_AUTH:-}" ]; then
			read_passwords
			printf 'requirepass "%s"\nsentinel sentinel-pass "%s"\n' "$current" "$common"
			accept_previous
		fi
	} >"$conf"
	ask_all master
	known=$(newest)
	if [ -n "$known" ]; then
		learn "$known"
	else
		say "no other Sentinel knows a primary: waiting for the operator"
	fi
	rm -rf "$heard"
}

# As process 1 a shell has no default action for signals, and reaps what probes leave behind.
main() {
	pid=''
	trap 'if [ -n "$pid" ]; then kill -s TERM "$pid"; else exit 143; fi' TERM INT
	reach
	server=$(program server)
	require_password
	log_in
	configure
	unset REDISCLI_AUTH
	"$server" "$conf" --sentinel &
	pid=$!
	status=0
	wait "$pid" || status=$?
	while kill -0 "$pid" 2>/dev/null; do # a signal ended the wait
		status=0
		wait "$pid" || status=$?
	done
	exit "$status"
}

main
