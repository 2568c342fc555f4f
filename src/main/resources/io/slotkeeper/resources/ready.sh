#!/bin/sh
# Ready: answers clients, has loaded its data, and is a master or in sync with one.
# A replica that is not in sync must not count as the copy that lets a node drain
# take its master.
set -u

LC_ALL=C
export LC_ALL

config=/etc/slotkeeper
data=/data
# shellcheck source=src/main/resources/io/slotkeeper/resources/program.sh
. "$config/program.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/password.sh
. "$config/password.sh"
reach
log_in_here "$port"
# shellcheck source=src/main/resources/io/slotkeeper/resources/persistence.sh
. "$config/persistence.sh"

look || exit 1
has() { printf '%s\n' "$info" | grep -q "$1"; }

# The password has been changed since this container started: the server runs, no more can be seen.
! has '^NOAUTH' && ! has '^WRONGPASS' || exit 0
has '^loading:0' || exit 1
note on
! has '^role:master' || exit 0
has '^master_link_status:up' || exit 1
# For mend.sh: whose data this server has a copy of.
history=$(field "$info" master_replid)
[ "$(cat "$data/followed" 2>/dev/null)" = "$history" ] || echo "$history" >"$data/followed" || true
