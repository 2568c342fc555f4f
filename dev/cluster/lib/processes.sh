# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# All daemons and pods of a node are below one cgroup. That is the list of its
# processes: no process outside it is ever ended.

cgroup_mounts() { # each hierarchy
	if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then
		echo /sys/fs/cgroup
	else
		awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts
	fi
}

# tracking_cgroup prints the directory of the hierarchy that daemons are put into:
# with cgroup v1 the memory hierarchy, so that it also shows a node's memory.
tracking_cgroup() {
	if [[ -d /sys/fs/cgroup/memory ]]; then echo "/sys/fs/cgroup/memory$cgroup"; else echo "/sys/fs/cgroup$cgroup"; fi
}

make_cgroup() { # PART
	local mount path f
	while read -r mount; do
		for path in "$cgroup" "$cgroup/$1"; do
			# v2: delegate the controllers. The kubelet needs these.
			if [[ -f $mount/cgroup.controllers && $mount == /sys/fs/cgroup ]]; then
				for f in cpuset cpu io memory pids hugetlb; do
					echo +$f >"$(dirname "$mount$path")/cgroup.subtree_control" 2>/dev/null || true
				done
			fi
			mkdir -p "$mount$path"
			# v1: a new cpuset is empty and accepts no process.
			for f in cpuset.cpus cpuset.mems; do
				[[ $mount != */cpuset ]] || cat "$(dirname "$mount$path")/$f" >"$mount$path/$f"
			done
		done
	done < <(cgroup_mounts)
	mkdir -p "$(tracking_cgroup)/$1/daemons"
}

remove_cgroups() {
	local mount
	while read -r mount; do
		[[ ! -d $mount$cgroup ]] || find "$mount$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || true
	done < <(cgroup_mounts)
}

processes() { # PART ('' for all): the ids of its processes
	find "$(tracking_cgroup)/$1" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

signal() { # SIGNAL PART
	local pids
	pids=$(processes "$2")
	# shellcheck disable=SC2086 # one argument each
	[[ -z $pids ]] || kill "-$1" $pids 2>/dev/null || true
}

kill_all() { # PART: until none is left; a dying containerd may still start one
	local _
	for _ in {1..100}; do
		[[ -n $(processes "$1") ]] || return 0
		signal KILL "$1"
		sleep 0.1
	done
	die "some processes of ${1:-the cluster} do not end: $(processes "$1" | tr '\n' ' ')"
}

# start PART NAME COMMAND...: a daemon in the network and the cgroup of PART
start() {
	local part=$1 what=$2
	shift 2
	(
		exec 9>&- </dev/null >>"$state/logs/$part/$what.log" 2>&1
		echo "$BASHPID" >"$(tracking_cgroup)/$part/daemons/cgroup.procs"
		echo "$BASHPID" >"$state/$part/$what.pid"
		exec setsid "$@"
	) &
}

# Not "ip netns exec": that remounts /sys, which hides the cgroup hierarchies.
in_net() { # PART COMMAND...
	local part=$1
	shift
	nsenter --net="/run/netns/$name-$part" "$@"
}

start_in_net() { start "$1" "$2" nsenter --net="/run/netns/$name-$1" "${@:3}"; }
