#!/bin/sh
# Starts a server of mode Standalone: writes its configuration, and decides what it starts as.
# It never decides alone that it is the primary, for another may be, with newer data, and the replicas of an older one
# lose theirs. It follows the one primary that the other pods show; without one it is passive: a replica of nothing,
# which loads its data and takes no writes. The operator gives it its role.
# Needs a POSIX shell, coreutils, grep and sed, or a busybox.
set -eu

config=/etc/slotkeeper
# shellcheck disable=SC2034 # for launch.sh
announce='replica-announce-ip'
# shellcheck source=src/main/resources/io/slotkeeper/resources/launch.sh
. "$config/launch.sh"

# A pod's name may still lead to the address that it had, where a pod of another Redis is now: with the same password, or
# none. So each server says by the path of its file (INFO, config_file) which Redis it belongs to.
redis=$(cat "$config/redis")
conf=$run/$redis/redis.conf
heard=$run/heard

host() { # ORDINAL
	echo "${HOSTNAME%-*}-$1.${HOSTNAME%-shard*}-gvr"
}

ask() { # ORDINAL COMMAND...: what that server says, or why it does not
	peer=$(host "$1")
	shift
	timeout 2 "$cli" -h "$peer" -p "$port" "$@" 2>&1 | tr -d '\r'
}

# All at once: one that is silent takes the whole time.
ask_all() {
	rm -rf "$heard" && mkdir "$heard"
	for ordinal in 0 1 2 3 4 5; do
		[ "$ordinal" = "${HOSTNAME##*-}" ] || ask "$ordinal" info server replication >"$heard/$ordinal" &
	done
	wait
}

# absent: there is no such pod, says the name service. primary, replica: of this Redis. unknown: anything else.
standing() { # FILE
	if grep -Eq ': (Name or service not known|No address associated with hostname|Name does not resolve|Name has no usable address)$' "$1"; then
		echo absent
	elif ! grep -Eq "^config_file:.*/$redis/[a-z]*\.conf$" "$1"; then
		echo unknown
	else
		case $(sed -n 's/^role://p' "$1") in
		master) echo primary ;;
		slave) echo replica ;;
		*) echo unknown ;;
		esac
	fi
}

# The only primary, where all others have said that they are none.
primary() {
	found=
	for file in "$heard"/*; do
		case $(standing "$file") in
		primary)
			[ -z "$found" ] || return 0
			found=${file##*/}
			;;
		unknown) return 0 ;;
		esac
	done
	echo "$found"
}

# No other server is wanted, nor is there a pod or volume of one, which the operator says and the name service confirms:
# then no data can be newer, and a restart needs no operator.
is_alone() {
	[ "${HOSTNAME##*-}" = 0 ] && [ "$(cat "$config/replicas")" = 0 ] || return 1
	for file in "$heard"/*; do
		[ "$(standing "$file")" = absent ] || return 1
	done
}

take_role() {
	ask_all
	primary=$(primary)
	address=
	[ -z "$primary" ] || address=$(ask "$primary" config get replica-announce-ip | sed -n 2p)
	if [ -n "$address" ]; then
		say "$(host "$primary") is the primary: starting as its replica"
		echo "replicaof $address $port" >>"$conf"
	elif is_alone; then
		say "there is no other server: starting as the primary"
	else
		say "starting without a role, until the operator gives it one"
		echo "replicaof 127.0.0.1 1" >>"$conf"
	fi
	rm -rf "$heard"
}

mkdir -p "${conf%/*}"
configure
take_role
launch
