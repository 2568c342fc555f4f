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
reach
log_in_here "$sentinels_port"
timeout 4 "$cli" -p "$sentinels_port" sentinel get-master-addr-by-name "$(cat "$config/master-name")" 2>&1 |
	grep -Eq '^([0-9a-f.:]+$|NOAUTH|WRONGPASS)'
