# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# Removes everything that the cluster created.

# The kubelet sets a few sysctls of the whole host.
save_sysctls() {
	sysctl -e vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops \
		kernel.keys.root_maxkeys kernel.keys.root_maxbytes 2>/dev/null | tr -d ' ' >"$state/sysctls"
}

tear_down() {
	local i id path mountpoint
	kill_all ''
	# Files that runtimes leave outside the cluster's directory when they are killed.
	for path in "$state"/node-*/containerd-state/io.containerd.runtime.v2.task/k8s.io/*/address; do
		[[ ! -f $path ]] || rm -f "$(sed 's,^unix://,,' "$path")"
	done
	for path in "$state"/node-*/containerd/io.containerd.grpc.v1.cri/sandboxes/*; do
		id=${path##*/}
		rm -f /var/lib/cni/results/*-"$id"-*
	done
	for path in /var/log/containers/*; do
		[[ $(readlink "$path") != "$state"/* ]] || rm -f "$path"
	done
	# Mounts, the innermost first; spaces in names are \040 in mountinfo.
	awk '{ print $5 }' /proc/self/mountinfo | while read -r mountpoint; do
		mountpoint=$(printf '%b' "$mountpoint")
		[[ $mountpoint != "$state"/* ]] || echo "$mountpoint"
	done | sort -r | xargs -r -d '\n' umount -l || true
	for i in $(ip netns list | awk '{ print $1 }'); do
		[[ $i != "$name"-control-plane && ! $i =~ ^"$name"-node-[0-9]+$ ]] || ip netns delete "$i"
	done
	remove_cgroups
	[[ ! -s $state/sysctls ]] || sysctl -qp "$state/sysctls" || true
	# One file system: do not delete the content of a remaining mount.
	rm -rf --one-file-system "$state"/{node-*,control-plane,volumes,pki,kubeconfig,sysctls,up,nodes}
	# The kubelet has this path built in; all kubelets of a machine share it.
	pgrep -x kubelet >/dev/null || rm -f /var/lib/kubelet/device-plugins/{kubelet.sock,kubelet_internal_checkpoint}
	rmdir --ignore-fail-on-non-empty /var/lib/kubelet/{device-plugins,} /var/log/containers /var/lib/cni/{results,} /run/containerd/{s,fifo,} 2>/dev/null || true
}
