# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# The commands of ../cluster.

kubectl() { "$bin/kubectl" --kubeconfig "$state/kubeconfig" --cache-dir "$state/control-plane/kubectl-cache" "$@"; }

wait_for() { # SECONDS WHAT COMMAND...
	local end=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || die "$what did not come in time; see $state/logs"
		sleep 0.2
	done
}

lock() {
	exec 9>"$state/lock"
	flock -n 9 || die "another command is at work on $name"
}

up() {
	require
	mkdir -p "$state"
	lock
	if [[ -f $state/up && -n $(processes control-plane) ]]; then
		wait_for 60 "an answer of the API server" api_ready
		say "$name is up already, with $(cat "$state/nodes") node(s)"
		return
	fi
	build
	tear_down # leftovers of a crash, a reboot or a failed start
	local begin=$SECONDS i
	rm -rf "$state/logs.previous"
	[[ ! -d $state/logs ]] || mv "$state/logs" "$state/logs.previous"
	mkdir -p "$state/logs" "$cache/images"
	echo "$nodes" >"$state/nodes"
	save_sysctls
	make_networks
	make_keys
	start_control_plane
	for ((i = 1; i <= nodes; i++)); do start_containerd $i; done
	"$here/image" pause >/dev/null
	for ((i = 1; i <= nodes; i++)); do wait_for 30 "containerd of node $i" ctr_on $i version; done
	load "$cache/images/pause.tar"
	wait_for 120 "the API server" api_ready
	start_controllers
	for ((i = 1; i <= nodes; i++)); do start_kubelet $i; done
	add_ons
	wait_nodes
	for ((i = 1; i <= nodes; i++)); do
		wait_for 60 "DNS on node $i" in_net node-$i "$bin/lookup" kubernetes.default.svc.cluster.local "$dns_service"
	done
	wait_for 60 "the default service account" kubectl get serviceaccount default
	touch "$state/up"
	say "$name is up with $nodes node(s) after $((SECONDS - begin)) s; export KUBECONFIG=$state/kubeconfig"
}

wait_nodes() {
	local i names=()
	for ((i = 1; i <= nodes; i++)); do names+=("node/node-$i"); done
	wait_for 60 "the nodes" kubectl get "${names[@]}"
	kubectl wait --for=condition=Ready --timeout=120s "${names[@]}" >/dev/null
}

down() {
	[[ -d $state ]] || die "there is no cluster $name"
	lock
	tear_down
	say "$name is down; logs: $state/logs"
}

# Memory is each process's proportional share (PSS): all processes share the binary's pages.
status() {
	local part pid file memory total=0
	kubectl get nodes -o wide || true
	echo
	for part in "$state"/control-plane "$state"/node-*; do
		for file in "$part"/*.pid; do
			pid=$(cat "$file")
			if memory=$(awk '/^Pss:/ { print int($2 / 1024) }' "/proc/$pid/smaps_rollup" 2>/dev/null); then
				printf '%-14s %-24s %8d  %s %4d MiB\n' "${part##*/}" "$(basename "$file" .pid)" "$pid" \
					"$(awk '/^State/ { print $2 }' "/proc/$pid/status")" "$memory"
				total=$((total + memory))
			else
				printf '%-14s %-24s      ended, see its log\n' "${part##*/}" "$(basename "$file" .pid)"
			fi
		done
	done
	echo "$total MiB in all, without pods; logs: $state/logs"
}
