#!/bin/sh
# Starts a server of a cluster: writes its configuration, and makes sure that starting it destroys nothing.
# Needs a POSIX shell, coreutils, grep and sed, or a busybox.
set -eu

config=/etc/slotkeeper
# shellcheck disable=SC2034 # for launch.sh
announce='cluster-announce-ip'
# shellcheck source=src/main/resources/io/slotkeeper/resources/launch.sh
. "$config/launch.sh"

has_dataset() { # that the server will load; an empty server with AOF has one, too
	[ "$source" != none ]
}

# A dump is all that there was only if the server wrote it when it stopped: after stop.sh. A
# server that was killed leaves an older one. An AOF is all that there was, unless it has been turned
# off; where it is to be, it may have been a moment before the end.
is_whole() {
	case $source in
	aof) [ "${was:-on}" != off ] && { [ "$wanted" = yes ] || [ "${was:-on}" = stopping ]; } ;;
	dump) [ -f "$data/stopped" ] && [ "$dump" -nt "$data/stopped" ] ;;
	*) return 1 ;;
	esac
}

# The lines of nodes.conf and of CLUSTER NODES:
# id ip:port@bus[,name...] flags master ping pong epoch connected|disconnected [slots...]

my_id() { # of a master with slots; nothing otherwise
	[ ! -f "$data/nodes.conf" ] ||
		sed -n 's/^\([0-9a-f]\{40\}\) [^ ]* myself,master[^ ]* .*connected [0-9].*$/\1/p' "$data/nodes.conf"
}

peers() { # REPLICAS-OF-ID first: they know best
	grep " slave[^ ]* $1 " "$data/nodes.conf" || true
	grep -v -e " myself," -e " slave[^ ]* $1 " -e ^vars "$data/nodes.conf" || true
}

ask() { # IP:PORT COMMAND...; prints what that server says
	address=$1
	shift
	# With TLS, nodes.conf may have the other port of a server, or none.
	[ "$port" = 6379 ] || address=${address%:*}:$port
	timeout 2 "$cli" -h "${address%:*}" -p "${address##*:}" "$@" 2>/dev/null || true
}

first_and_last_slot() { # of those that I own
	sed -n -e 's/ \[[^]]*\]//g' -e 's/^[0-9a-f]\{40\} [^ ]* myself,master[^ ]* .*connected \([0-9]\)/\1/p' "$data/nodes.conf" |
		sed -e 's/[ -].*[ -]/ /' -e 's/-/ /'
}

owner() { # SLOT; reads the lines of CLUSTER NODES, prints the id that has it
	while read -r id _ _ _ _ _ _ _ slots; do
		for range in $slots; do
			case $range in
			[0-9]*)
				if [ "${range%-*}" -le "$1" ] && [ "${range#*-}" -ge "$1" ]; then
					echo "$id"
				fi
				;;
			esac
		done
	done
}

# Some of my slots may have gone to another shard right before I ended: that is no successor. And a peer
# that has just been met may know me and not my slots.
is_replaced() { # ID; reads the lines of CLUSTER NODES
	table=$(cat)
	if echo "$table" | grep -q "^$1 .*connected [0-9]"; then
		return 1 # it thinks that I have some
	fi
	for slot in $(first_and_last_slot); do
		[ -n "$(echo "$table" | owner "$slot")" ] || return 1
	done
}

# What the peers say of my slots: "moved" if they belong to another now, "waiting" if a living replica
# of mine has not taken them over yet, nothing if nobody knows. Only a replica that has data is worth to
# be waited for.
verdict() { # ID
	peers "$1" | sed -n 's/^[0-9a-f]* \([0-9a-f][^ @]*\)@.*/\1/p' | while read -r address; do
		answer=$(ask "$address" cluster nodes </dev/null)
		if ! echo "$answer" | grep -q "^$1 "; then
			continue # no answer, or a stranger's
		fi
		if echo "$answer" | is_replaced "$1"; then
			echo moved
			break
		elif echo "$answer" |
			sed -En "s/^[^ ]+ ([^ @]+)@[^ ]* (myself,)?slave(,nofailover)? $1 .*/\1/p" | has_data; then
			echo waiting
			break
		fi
	done
}

has_data() { # of the servers at the addresses that it reads, one has keys, or may have
	while read -r replica; do
		keys=$(ask "$replica" info keyspace </dev/null)
		case $keys in
		*db[0-9]*:keys=*) return 0 ;;
		"# Keyspace"*) ;;
		# It does not answer me, although others see it; or it is still loading. An older dump is better than to wait for that.
		*) has_dataset || return 0 ;;
		esac
	done
	return 1
}

# A master that comes back without its data makes its replicas copy that: nothing, or what was in an
# older dump. So it must not be
# reachable before one of them has taken over; then it becomes a replica itself and gets all back.
# As long as a living replica is known, this waits, for ever if need be. If nobody knows of one
# within the time that the servers need to elect a new master, it starts: then there is no other copy
# in reach, and a cache that lost all copies at once must go on without a human. A copy on a volume
# whose pod cannot run at that time is the price.
wait_for_successor() {
	id=$(my_id)
	if [ -z "$id" ] || is_whole || ! { grep -q " slave[^ ]* $id " "$data/nodes.conf" || has_mate "$id"; }; then
		return 0
	fi
	left="nothing"
	! has_dataset || left="an older dump"
	say "this is the master of a shard, $left is left of its data, and there are replicas: waiting until one has taken over"
	patience=$(($(setting cluster-node-timeout) * 3 / 1000 + 10))
	since=$(date +%s)
	while :; do
		case $(verdict "$id") in
		moved)
			say "another has taken over: starting as its replica"
			return 0
			;;
		waiting) ;;
		*)
			if [ $(($(date +%s) - since)) -ge "$patience" ]; then
				say "no replica can be reached for $patience seconds: starting with $left"
				return 0
			fi
			;;
		esac
		sleep 1
	done
}

# shellcheck source=src/main/resources/io/slotkeeper/resources/mend.sh
. "$config/mend.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/followers.sh
. "$config/followers.sh"
# shellcheck source=src/main/resources/io/slotkeeper/resources/unwritten.sh
. "$config/unwritten.sh"

configure
mend_nodes_conf
wait_for_successor
wait_for_unwritten
wait_for_followers
launch
