#!/bin/sh
# redis-cli and valkey-cli in the containers, first in PATH: the program of the image, logged in. Its password is read each
# time, and is in the environment of that program only. Another that is given wins, be it by -a, -u, --askpass or
# REDISCLI_AUTH; an empty REDISCLI_AUTH stands for none.
set -u

config=/etc/slotkeeper
# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/password.sh
. "$config/password.sh"

# Where clients may do without TLS, so does this one: it is in the same pod as the server.
find_cli() {
	if [ "$(cat "$config/tls" 2>/dev/null)" = Required ]; then
		reach
	else
		port=6379
		cli=$(program cli)
	fi
}

if ! find_cli; then
	echo "slotkeeper: there is neither redis-cli nor valkey-cli in this image" >&2
	exit 127
fi
if [ -z "${REDISCLI_AUTH+given}${VALKEYCLI_AUTH+given}" ]; then
	log_in_here "$port"
elif [ -z "${REDISCLI_AUTH:-}" ]; then
	unset REDISCLI_AUTH
fi
exec "$cli" "$@"
