# Part of launch.sh, run.sh, ready.sh and leave.sh: which files on the volume hold the newest data, the
# AOF or the dump.
#
# A server that is told "appendonly no" leaves its AOF as it is, and from then on only dump.rdb is
# written. Which of the two is the newest cannot be seen from the settings, for these say what is
# wanted. So it is noted here what a running server does, and compared with what its files are.
# Where AOF is off and the dump is proven to have all, the AOF is put away for good.

# shellcheck disable=SC2154 # data, cli: of the script that reads this
aof=$data/appendonlydir
manifest=$aof/appendonly.aof.manifest
dump=$data/dump.rdb
# One line: on|off|stopping DUMP MANIFEST, what a server did with AOF when it had these files;
# "stopping": AOF was on right before the server stopped.
noted=$data/persistence

identity() { # FILE
	stat -c %i-%s-%Y "$1" 2>/dev/null || echo none
}

write_note() { # STATE DUMP
	line="$1 $2 $(identity "$manifest")"
	if [ "$(cat "$noted" 2>/dev/null)" != "$line" ]; then
		echo "$line" >"$noted.new" && mv "$noted.new" "$noted"
	fi
}

# When the dump was begun (the field ctime in its head, rdb.c:rdbSaveInfoAuxFields), in seconds. A
# dump that does not say so counts as the older one.
dump_time() {
	hex=$(od -An -v -tx1 -N 512 "$dump" | tr -d ' \n' |
		sed -n 's/.*fa056374696d65c2\(..\)\(..\)\(..\)\(..\).*/\4\3\2\1/p')
	echo $((0x${hex:-0}))
}

# All that is in the AOF had been written when the dump was begun: it is in the dump, too. Two seconds
# are for a child process that was slow to begin.
dump_has_all() {
	written=$(stat -c %Y "$aof"/appendonly.aof.* 2>/dev/null | sort -n | tail -n 1)
	[ "$(dump_time)" -gt $((${written:-0} + 2)) ]
}

read_note() {
	was='' had_dump='' had_manifest=''
	[ ! -s "$noted" ] || read -r was had_dump had_manifest <"$noted" || true
}

newest() { # aof, dump or none
	if [ ! -s "$manifest" ]; then
		if [ -s "$dump" ]; then echo dump; else echo none; fi
		return 0
	fi
	read_note
	if [ ! -s "$dump" ]; then
		echo aof
	elif [ "$was" = stopping ]; then
		echo aof
	elif [ "$was" = on ] && [ "$had_dump" = "$(identity "$dump")" ]; then
		echo aof # which went on when this dump was there already
	elif [ "$was" = off ] && [ "$had_manifest" = "$(identity "$manifest")" ] &&
		[ "$had_dump" != "$(identity "$dump")" ]; then
		echo dump # begun when AOF was off
	elif dump_has_all; then
		echo dump
	else
		echo aof
	fi
}

# A name that no server reads, at once; then the files. But not an AOF that has gone on meanwhile: its
# manifest is another one.
put_aof_away() { # MANIFEST
	if [ -e "$aof" ]; then
		rm -rf "$aof.off"
		mv "$aof" "$aof.off" || return 0
		if [ "$(identity "$aof.off/${manifest##*/}")" != "$1" ]; then
			mv "$aof.off" "$aof"
			return 0
		fi
	fi
	rm -rf "$aof.off"
}

field() { # INFO NAME
	printf '%s\n' "$1" | tr -d '\r' | sed -n "s/^$2://p"
}

# What the server says, and which files it had before: a dump that is another one later was begun after
# this.
look() {
	dump_before=$(identity "$dump") manifest_before=$(identity "$manifest")
	info=$(timeout 4 "$cli" info persistence replication)
}

# Notes what was seen. stopping: the server stops right after this.
note() { # on|stopping
	[ "$(field "$info" loading)" = 0 ] || return 0
	if [ "$(field "$info" aof_enabled)" = 1 ]; then
		# Until its first rewrite ends, an AOF that has been turned on is not what a server can start from.
		if [ "$(field "$info" aof_rewrite_in_progress)$(field "$info" aof_rewrite_scheduled)" = 00 ]; then
			write_note "$1" "$dump_before"
		fi
	elif [ "$(field "$info" rdb_bgsave_in_progress)" = 0 ] && [ "$dump_before" = "$(identity "$dump")" ]; then
		if [ "$(newest)" != aof ]; then
			put_aof_away "$manifest_before"
		elif [ "$1" = on ]; then
			timeout 2 "$cli" bgsave >/dev/null 2>&1 || true
		fi
		write_note off "$dump_before"
	fi
}
