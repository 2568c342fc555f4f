#!/bin/sh
# Ready: answers clients, and knows a primary.
set -u

LC_ALL=C
export LC_ALL

config=/etc/slotkeeper
# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/password.sh
. "$config/password.sh"
cli=$(program cli)
log_in_here 26379
timeout 4 "$cli" -p 26379 sentinel get-master-addr-by-name "$(cat "$config/master-name")" 2>&1 |
	grep -Eq '^([0-9a-f.:]+$|NOAUTH|WRONGPASS)'
