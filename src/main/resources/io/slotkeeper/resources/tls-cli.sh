#!/bin/sh
# The redis-cli of the image, with TLS: scripts ask servers by it. The server that is asked has a certificate of an authority
# in ca.crt; its name does not count, for it may be any pod.
set -u

config=/etc/slotkeeper
# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"
cli=$(program cli) || exit 127
exec "$cli" --tls --cacert "$config/secrets/ca.crt" -p 6380 "$@"
