# Part of the stop script of a server that has Sentinels: they learn at once which server has taken over, as they do from
# the operator. Without that they would elect once this server is silent, and not always the server that took over.
# shellcheck shell=sh disable=SC2154 # config, cli, name, heard: of the scripts that read this and that this reads

redis=${HOSTNAME%-shard*}
run=/run/slotkeeper
# shellcheck source=src/main/resources/io/slotkeeper/resources/sentinels.sh
. "$config/sentinels.sh"

# The Sentinels have elected another server, or are about to. A node that was cut off may have a primary that has not heard
# of it. If that handed over, its replica would win with a greater term, and what the elected one took would be lost.
is_superseded() {
	known=$(newest)
	[ -n "$known" ] || return 1
	cat "$heard"/*.master | grep -q failover_in_progress || [ "$(value ip "$known")" != "$POD_IP" ]
}

# The greatest term that a Sentinel knows or has voted in.
last_term() {
	for file in "$heard"/*; do
		sed -n -e '/^config-epoch$/{n;p;}' -e '/^voted-leader-epoch$/{n;p;}' "$file"
	done | grep '^[0-9][0-9]*$' | sort -rn | head -n 1
}

# Each is sent the hello of another one, as after an election. One that did not answer is left out: it learns from others.
announce() { # ADDRESS PORT
	term=$(last_term)
	[ -n "$term" ] || return 0
	term=$((term + 1))
	for file in "$heard"/*.sentinels; do
		peer=$(value ip "$file"),$(value port "$file"),$(value runid "$file")
		ordinal=${file##*/}
		ordinal=${ordinal%.sentinels}
		[ "$peer" = ,, ] ||
			timeout 2 "$cli" -h "$redis-sentinel-$ordinal.$redis-gvr" -p "$sentinels_port" publish __sentinel__:hello \
				"$peer,$term,$name,$1,$2,$term" >/dev/null 2>&1 &
	done
	wait
}
