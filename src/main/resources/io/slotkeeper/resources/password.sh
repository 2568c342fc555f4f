# Part of each script that asks servers: the password of this Redis.

# shellcheck disable=SC2154 # config: of the script that reads this
secrets=$config/secrets

# Into the environment of this script and what it starts. The file is empty where authentication is off. A container of an
# older pod template has no file, but the variable.
log_in() {
	[ -f "$secrets/password" ] || return 0
	take_password password
}

take_password() { # FILE
	# A line break at its end is a part of it.
	REDISCLI_AUTH=$(cat "$secrets/$1" && echo .)
	export REDISCLI_AUTH="${REDISCLI_AUTH%.}"
	[ -n "$REDISCLI_AUTH" ] || unset REDISCLI_AUTH
}

# To the server of this container. While the password changes, the files may be ahead of it.
log_in_here() { # PORT
	log_in
	[ -s "$secrets/previous-password" ] || return 0
	case $(timeout 2 "$cli" -p "$1" ping 2>&1) in
	*WRONGPASS* | *NOAUTH*) take_password previous-password ;;
	esac
}

# A server does not start open because its file is missing.
require_password() {
	[ -f "$secrets/password" ] || [ ! -d "$secrets" ] || {
		echo "slotkeeper: there is no password in $secrets"
		exit 1
	}
}

# Byte by byte in hexadecimal: no password needs quoting, not even one with a line break.
escaped() { od -An -v -tx1 | tr -d ' \n' | sed 's/../\\x&/g'; }

# For a start: the password, and the one that every other server accepts. That is the former one while the password
# changes, for some may not know the new one yet.
read_passwords() {
	current=$(printf %s "$REDISCLI_AUTH" | escaped)
	previous=$(escaped 2>/dev/null <"$secrets/previous-password") 2>/dev/null || previous=
	common=${previous:-$current}
}

# The line by which a server accepts both.
accept_previous() {
	[ -z "$previous" ] || printf 'user default on ~* &* +@all ">%s" ">%s"\n' "$current" "$previous"
}
