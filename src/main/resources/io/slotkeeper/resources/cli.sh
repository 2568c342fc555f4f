#!/bin/sh
# redis-cli and valkey-cli in the containers, first in PATH: the program of the image, as it must be run here. What that
# takes can change without a restart.
set -u

config=/etc/slotkeeper
# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"

if ! cli=$(program cli); then
	echo "slotkeeper: there is neither redis-cli nor valkey-cli in this image" >&2
	exit 127
fi
exec "$cli" "$@"
