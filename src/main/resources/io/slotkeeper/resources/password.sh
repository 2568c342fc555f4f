# Part of each script that asks servers: the password of this Redis.

# shellcheck disable=SC2154 # config: of the script that reads this
secrets=$config/secrets

# Into the environment of this script and what it starts. The file is empty where authentication is off. A container of an
# older pod template has no file, but the variable.
log_in() {
	[ -f "$secrets/password" ] || return 0
	# A line break at its end is a part of it.
	REDISCLI_AUTH=$(cat "$secrets/password" && echo .)
	export REDISCLI_AUTH="${REDISCLI_AUTH%.}"
	[ -n "$REDISCLI_AUTH" ] || unset REDISCLI_AUTH
}

# A server does not start open because its file is missing.
require_password() {
	[ -f "$secrets/password" ] || [ ! -d "$secrets" ] || {
		echo "slotkeeper: there is no password in $secrets"
		exit 1
	}
}

# Byte by byte in hexadecimal: no password needs quoting, not even one with a line break.
quoted_password() {
	printf '"%s"' "$(printf %s "$REDISCLI_AUTH" | od -An -v -tx1 | tr -d ' \n' | sed 's/../\\x&/g')"
}
