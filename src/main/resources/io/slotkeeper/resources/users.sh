# Part of launch.sh: the users of RedisUsers, by the hashes of their passwords. A server that does not take one of them
# ends, and so does each next start. So they are tried first, and one that is not taken is left out: the operator tries
# to give it to the running server.

# shellcheck disable=SC2154 # config, run, conf, server: of the scripts before this

# What a server says of $users that can do nothing else: it ends when it loads its data, which comes after the users
# (server.c: main) and is none.
try_users() {
	echo none >"$try/dump.rdb"
	{
		cat "$users"
		printf 'port 0\nunixsocket %s/socket\ndir %s\ndbfilename dump.rdb\nlogfile ""\n' "$try" "$try"
		grep '^loadmodule ' "$conf" || true
	} | timeout 10 "$server" - 2>&1 || true
}

# The number of the first line that the server does not take; "all" where it does not say; nothing where it takes all.
refused_line() {
	said=$(try_users)
	case $said in
	*'Reading the configuration file, at line '*)
		line=$(printf '%s\n' "$said" | sed -n 's/^Reading the configuration file, at line \([0-9]*\)$/\1/p')
		;;
	*'Critical error while loading ACLs'*)
		name=$(printf '%s\n' "$said" | sed -n "s/.* for the user named '\(.*\)': .*/\1/p" | head -n 1)
		line=$(grep -nF "user \"$name\" " "$users" | sed 's/:.*//' | head -n 1)
		;;
	*) return 0 ;;
	esac
	echo "${line:-all}"
}

add_users() {
	[ -s "$config/secrets/users.acl" ] || return 0
	umask 077
	try=$run/try
	users=$try/users.acl
	rm -rf "$try" && mkdir "$try"
	cat "$config/secrets/users.acl" >"$users"
	end=$(wc -l <"$users")
	line=$(refused_line)
	while [ -n "$line" ]; do
		if [ "$line" = all ] || [ "$line" -gt "$end" ]; then
			say "the server does not take the users: starting without them"
			: >"$users"
			break
		fi
		say "the server does not take a user: starting without $(sed -n "${line}s/^user \([^ ]*\) .*/\1/p" "$users")"
		sed "${line}s/.*/# left out/" "$users" >"$users.new" && mv "$users.new" "$users"
		line=$(refused_line)
	done
	cat "$users" >>"$conf"
	rm -rf "$try"
	umask 022
}
