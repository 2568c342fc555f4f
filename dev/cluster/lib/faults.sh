# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# Node faults: no network, suspended, no power.

node_number() {
	if [[ ! ${1:-} =~ ^[0-9]+$ ]] || (($1 < 1 || $1 > nodes)); then die "which node? 1 to $nodes"; fi
}

node_link() { # I up|down
	ip -n "$name-control-plane" link set "node-$1" "$2"
}

node_cut() { node_link "$1" down; }
node_heal() { node_link "$1" up; }
node_freeze() { signal STOP "node-$1"; }
node_thaw() { signal CONT "node-$1"; }

node_stop() {
	# The network first: a machine that loses power closes no connections.
	node_link "$1" down
	kill_all "node-$1"
}

node_start() {
	require
	[[ -z $(processes "node-$1") ]] || die "node $1 runs"
	node_link "$1" up
	start_containerd "$1"
	wait_for 30 "containerd of node $1" ctr_on "$1" version
	start_kubelet "$1"
}
