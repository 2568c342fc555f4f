# Part of launch.sh: a server that does not take its redis.conf ends, and so does each next start. What a running server
# has taken by CONFIG SET is sure; an immutable setting is not, nor what was written while no server ran.

# shellcheck disable=SC2154 # data, config, run, conf, server: of launch.sh
accepted=$data/redis.conf.accepted

# What the server says against $conf; nothing where it takes it. It ends at the added line, before it opens any file.
objection() {
	# The file has the password: it goes through a pipe.
	said=$({ cat "$conf" && echo hz; } | timeout 10 "$server" - 2>&1 | grep -A 1 "^>>> '") || return 0
	case $said in ">>> 'hz'"* | *requirepass* | *masterauth* | *'user default'*) return 0 ;; esac
	printf '%s\n' "$said" | tr '\n' ' '
}

# Where the server refuses the file, it starts with that of its last start. The operator sees it by the name of the file.
settle_conf() {
	words=$(objection)
	if [ -z "$words" ]; then
		if [ "$(cat "$config/redis.conf")" != "$(cat "$accepted" 2>/dev/null)" ]; then
			{ cp "$config/redis.conf" "$accepted.new" && mv "$accepted.new" "$accepted"; } || true
		fi
		return 0
	fi
	say "the server does not take redis.conf: $words"
	if [ -s "$accepted" ]; then
		say "starting with the settings of its last start"
		conf=${conf%/*}/accepted.conf
		# How data is loaded depends on what has been written since.
		{
			grep -Ev '^(appendonly|save) ' "$accepted"
			grep -E '^(appendonly|save) ' "$config/redis.conf"
		} >"$run/accepted" || true
		write_conf "$run/accepted"
		fit_memory
	fi
}
