#!/bin/sh
# Ready: answers clients, has loaded its data, and is a master or in sync with one.
# A replica that is not in sync must not count as the copy that lets a node drain
# take its master.
set -u

cli=redis-cli
command -v "$cli" >/dev/null || cli=valkey-cli

info=$("$cli" info persistence replication) || exit 1
has() { printf '%s\n' "$info" | grep -q "$1"; }

# The password has been changed since this container started: the server runs, no more can be seen.
! has '^NOAUTH' && ! has '^WRONGPASS' || exit 0
has '^loading:0' || exit 1
has '^role:master' || has '^master_link_status:up'
