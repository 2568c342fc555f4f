# Part of start.sh: a nodes.conf that the server could not read is made again, from what the others
# know. A server that found none would be a new node: with data, it would claim the slots of its keys
# at the lowest epoch, and lose its data to whoever is still known as their owner.
# Nothing is guessed: the id is the one on the volume, or the one the others know at this address, and
# the role and slots are those that a living server sees now. Until one answers, this waits.

# shellcheck disable=SC2154 # data, cli, port: of start.sh
nodes=$data/nodes.conf

own_id() { # FILE: the id in its line "myself"
	sed -n 's/^\([0-9a-f]\{40\}\) [^ ]* \([a-z?,]*,\)*myself[, ].*/\1/p' "$1" 2>/dev/null | head -n 1
}

# What makes the server end with "corrupted cluster config file" (cluster_legacy.c:clusterLoadConfig),
# or, where the file is empty, become a new node.
is_broken() {
	if [ ! -s "$nodes" ]; then
		has_dataset && { [ -e "$nodes" ] || [ -s "$data/node.id" ]; }
	else
		[ -z "$(own_id "$nodes")" ] ||
			[ "$(tr -d '\000' <"$nodes" | wc -c)" -ne "$(wc -c <"$nodes")" ] ||
			grep -v -e '^[[:space:]]*$' -e '^vars ' "$nodes" | grep -Evq '^[0-9a-f]{40}( [^ ]+){7}'
	fi
}

# The client Service leads to somebody who is ready, the governing one to anybody.
others() {
	cluster=${HOSTNAME%-shard*}
	echo "$cluster:$port"
	echo "$cluster-gvr:$port"
	sed -n 's/^[0-9a-f]\{40\} \([0-9a-f][^ @]*\)@.*/\1/p' "$nodes" 2>/dev/null || true
}

master_of_shard() { # the id of the master with slots among the pods of this shard
	for ordinal in 0 1 2 3 4 5 6 7 8 9; do
		ask "${HOSTNAME%-*}-$ordinal.${HOSTNAME%-shard*}-gvr:$port" cluster nodes |
			sed -n 's/^\([0-9a-f]\{40\}\) [^ ]* myself,master[^ ]* .*connected [0-9].*/\1/p'
	done | head -n 1
}

# TABLE, as CLUSTER NODES prints it: the table of this server, or nothing if it says too little.
mended() {
	id=$(own_id "$nodes")
	[ -n "$id" ] || id=$(cat "$data/node.id" 2>/dev/null || true)
	[ -n "$id" ] || id=$(printf '%s\n' "$1" | sed -n "s/^\([0-9a-f]\{40\}\) $POD_IP:.*/\1/p" | head -n 1)
	mine=$(printf '%s\n' "$1" | grep "^${id:-none} " | sed 's/ \[[^]]*\]//g')
	case $mine in "" | *" myself,"*) return 0 ;; esac
	# shellcheck disable=SC2086 # words
	set -- "$1" $mine
	all=$1 flags=$4 master=$5 epoch=$8
	shift 9
	case ,$flags, in
	*,slave,*) role="myself,slave $master" slots= ;;
	*) role="myself,master -" slots=$* ;;
	esac
	# Gossip carries no slots, no master and no epoch, so a server that knows this one by gossip alone proves nothing.
	# Without data this server is new if a master with slots knows no more: such a master knows all owners of slots.
	if [ "$epoch $master" = "0 -" ] && [ -z "$slots" ]; then
		! has_dataset && printf '%s\n' "$all" | grep -Eq ' myself,master .* connected [0-9]' || return 0
	fi
	# Somebody has taken its slots: who has them is its master now.
	if [ "$role" = "myself,master -" ] && [ -z "$slots" ] && has_dataset; then
		master=$(master_of_shard)
		[ -n "$master" ] || return 0
		role="myself,slave $master"
	fi
	current=$(printf '%s\n' "$all" | sed -n 's/^[0-9a-f]\{40\}\( [^ ]*\)\{5\} \([0-9]*\) .*/\2/p' | sort -n | tail -n 1)
	# Of nodes without an address only the master: who does not know its slots cannot take over from it.
	printf '%s\n' "$all" | grep -v -e "^$id " -e '[ ,]handshake' |
		sed -e 's/ \[[^]]*\]//g' -e 's/ myself,/ /' |
		sed -e "/^${role##* } /b" -e '/ :0@/d'
	echo "$id $POD_IP:$port@16379 $role 0 0 $epoch connected${slots:+ $slots}"
	# It votes only from the next epoch on: it may have voted in this one.
	echo "vars currentEpoch $current lastVoteEpoch $current"
}

# No other master with slots, which would have voted or been told, says so, and the master that this server would follow
# has been started since the two were last in sync (ready.sh): that one may have come back from an older volume, after this
# server had taken over, and all others only repeat it.
is_doubtful() { # WITNESS TABLE: the table of the one that was asked, and the one made of it
	master=$(printf '%s\n' "$2" | sed -n 's/.* myself,slave \([0-9a-f]*\) .*/\1/p')
	[ -n "$master" ] && has_dataset || return 1
	! printf '%s\n' "$1" | grep -v "^$master " | grep -Eq ' myself,master .* connected [0-9]' || return 1
	there=$(printf '%s\n' "$1" | sed -n "s/^$master \([0-9a-f][^ @]*\)@.*/\1/p")
	history=$(ask "${there:-none}" info replication </dev/null | tr -d '\r' | sed -n 's/^master_replid2\{0,1\}://p')
	followed=$(cat "$data/followed" 2>/dev/null || true)
	! printf '%s\n' "$history" | grep -qxF "${followed:-none}"
}

mend_nodes_conf() {
	said='' doubted=''
	while is_broken; do
		[ -n "$said" ] || say "nodes.conf is broken: waiting for a server that knows this one, to make it again"
		said=yes
		for address in $(others); do
			answer=$(ask "$address" cluster nodes </dev/null)
			table=$(mended "$answer")
			if [ -z "$table" ]; then
				continue
			elif is_doubtful "$answer" "$table"; then
				[ -n "$doubted" ] || say "only the master that this server would follow says so, and who repeats it; it may have older data: waiting for another master to say so. To have this volume replaced by a copy of that one, delete the claim, then the pod"
				doubted=yes
			else
				printf '%s\n' "$table" >"$nodes.new"
				[ ! -e "$nodes" ] || mv "$nodes" "$nodes.broken-$(date +%s)"
				mv "$nodes.new" "$nodes"
				say "nodes.conf is made again, as $address knows it: $(printf '%s\n' "$table" | grep myself)"
				break
			fi
		done
		! is_broken || sleep 1
	done
	if [ -s "$nodes" ]; then
		own_id "$nodes" >"$data/node.id.new"
		mv "$data/node.id.new" "$data/node.id"
	fi
}
