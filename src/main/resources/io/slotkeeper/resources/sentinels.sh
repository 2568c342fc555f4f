# Part of each script that asks the Sentinels.
# shellcheck shell=sh disable=SC2034,SC2154 # config, cli, sentinels_port, redis, run: of the script that reads this

name=$(cat "$config/master-name")
heard=$run/heard

# What a Sentinel says: a line for each name and each value.
ask() { # ORDINAL COMMAND
	timeout 2 "$cli" -h "$redis-sentinel-$1.$redis-gvr" -p "$sentinels_port" sentinel "$2" "$name" 2>/dev/null | tr -d '\r'
}

# All at once, into files called ORDINAL.COMMAND: one that is silent takes the whole time.
ask_all() { # COMMAND...
	rm -rf "$heard" && mkdir "$heard"
	ordinal=0
	while [ "$ordinal" -lt "$(cat "$config/sentinels")" ]; do
		for command; do
			[ "$HOSTNAME" = "$redis-sentinel-$ordinal" ] || ask "$ordinal" "$command" >"$heard/$ordinal.$command" &
		done
		ordinal=$((ordinal + 1))
	done
	wait
}

value() { # NAME FILE
	sed -n "/^$1\$/{n;p;q;}" "$2"
}

# Of the Sentinels that know the primary, the one that knows the last election.
newest() {
	for file in "$heard"/*.master; do
		epoch=$(value config-epoch "$file")
		case $epoch in
		'' | *[!0-9]*) ;;
		*) echo "$epoch $file" ;;
		esac
	done | sort -rn | sed -n '1s/^[0-9]* //p'
}
