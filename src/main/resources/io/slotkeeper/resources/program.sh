# Part of each script that runs a program of the image.

# shellcheck disable=SC2154 # config: of the script that reads this

# How scripts ask servers: by the program $cli, at $port, whatever port a server is known by. The file is there with TLS only.
reach() {
	cli=$(program cli) || return
	port=6379 sentinels_port=26379
	if [ -f "$config/tls" ]; then
		# shellcheck disable=SC2034 # for the scripts that read this
		cli=$config/tls-cli port=6380 sentinels_port=26380
	fi
}

# Where redis-server or valkey-server is, redis-cli or valkey-cli: in PATH, which pods have from ServerContainer.java and
# not from the image, or where some images have theirs. Never the redis-cli of this directory.
program() ( # server|cli
	kind=$1
	IFS=:
	set -f
	# shellcheck disable=SC2086 # words
	set -- ${PATH:-}
	set +f
	for name in "redis-$kind" "valkey-$kind"; do
		for directory in "$@" /opt/*/bin /opt/*/*/bin; do
			if [ "$directory" != "$config" ] && [ -f "$directory/$name" ] && [ -x "$directory/$name" ]; then
				echo "$directory/$name"
				exit 0
			fi
		done
	done
	exit 1
)
