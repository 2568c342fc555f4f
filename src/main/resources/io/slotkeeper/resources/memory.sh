# Part of launch.sh: redis.conf is for the newest pod template; this container may have another memory limit. What the
# operator makes of the limit (MemoryLimit.java) is made again from the limit that is in force here, and a maxmemory
# that the user asks for does not exceed it.

cgroup=/sys/fs/cgroup

# Bytes; nothing where there is no limit, or none can be read.
memory_limit() {
	group=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null || true)
	for file in "$cgroup/memory.max" "$cgroup$group/memory.max" "$cgroup/memory/memory.limit_in_bytes"; do
		if [ -r "$file" ]; then
			limit=$(cat "$file")
			# "max"; cgroups of version 1 have a number of 19 digits for that.
			case $limit in '' | *[!0-9]* | ????????????????*) return 0 ;; esac
			echo "$limit"
			return 0
		fi
	done
}

# shellcheck disable=SC2154 # conf: of launch.sh
fit_memory() {
	limit=$(memory_limit)
	# shellcheck disable=SC2046 # three words
	set -- $(sed -n 's/^# memory-limit //p' "$conf")
	if [ -z "$limit" ] || [ $# -ne 3 ]; then
		return 0
	fi
	meant=$1 maxmemory=$2 backlog=$3
	if [ "$meant" = none ]; then
		smaller=yes
	elif [ "$limit" -lt "$meant" ]; then
		# The kernel rounds to pages.
		[ $((meant - limit)) -ge 65536 ] || return 0
		smaller=yes
	else
		[ "$limit" -gt "$meant" ] || return 0
		smaller=no
	fi
	most=$((limit / 4 * 3))
	case $maxmemory in
	follows) maxmemory=0 smaller=yes ;;
	unknown) smaller=no ;;
	esac
	if [ "$smaller" = yes ] && { [ "$maxmemory" -eq 0 ] || [ "$maxmemory" -gt "$most" ]; }; then
		echo "slotkeeper: the memory limit here is $limit: maxmemory is $most"
		echo "maxmemory $most" >>"$conf"
	fi
	if [ "$backlog" = follows ]; then
		size=$((limit / 8))
		[ "$size" -ge 1048576 ] || size=1048576
		[ "$size" -le 67108864 ] || size=67108864
		echo "repl-backlog-size $size" >>"$conf"
	fi
}
