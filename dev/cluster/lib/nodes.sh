# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# Per node: containerd, kubelet, kube-proxy, network policy.

start_containerd() { # I
	local p=node-$1 d=$state/node-$1
	mkdir -p "$d/cni" "$state/logs/$p"
	make_cgroup "$p"
	# ptp: every pod packet is routed through the node's namespace, where
	# network policy sees it. No ipMasq: pods keep their address between nodes.
	cat >"$d/cni/10-pods.conflist" <<EOF
{"cniVersion": "0.4.0", "name": "$name-pods", "plugins": [{"type": "ptp", "ipam": {
  "type": "host-local", "ranges": [[{"subnet": "$pod_net.$1.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}], "dataDir": "$d/ipam"}}]}
EOF
	# restrict_oom_score_adj: without CAP_SYS_RESOURCE runc may not lower it and
	#   fails with "can't get final child's PID from pipe: EOF".
	# netns_mounts_under_state_dir, Root, opt: keep everything below one directory.
	cat >"$d/containerd.toml" <<EOF
version = 2
root = "$d/containerd"
state = "$d/containerd-state"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
address = "$d/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "docker.io/local/pause:1"
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
Root = "$d/runc"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "$cni_bin"
conf_dir = "$d/cni"
EOF
	start_in_net "$p" containerd containerd --config "$d/containerd.toml"
}

start_kubelet() { # I
	local p=node-$1 d=$state/node-$1 pki=$state/pki ip=$node_net.$((10 + $1))
	# cgroupRoot, podLogsDir, volumePluginDir: the nodes share one file system.
	# resolvConf "": pods must not get the host's name servers.
	# image GC off: a loaded image cannot be pulled again.
	# failCgroupV1 is false up to 1.34; lease: see --node-monitor-grace-period.
	cat >"$d/kubelet.yaml" <<EOF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $ip
containerRuntimeEndpoint: unix://$d/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: $cgroup/$p
podLogsDir: $d/pod-logs
volumePluginDir: $d/volume-plugins
clusterDNS: [$dns_service]
clusterDomain: cluster.local
resolvConf: ""
authentication: {anonymous: {enabled: false}, x509: {clientCAFile: $pki/ca.crt}, webhook: {enabled: true}}
authorization: {mode: Webhook}
tlsCertFile: $pki/$p.crt
tlsPrivateKeyFile: $pki/$p.key
failSwapOn: false
makeIPTablesUtilChains: false
nodeLeaseDurationSeconds: 12
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
serializeImagePulls: false
EOF
	# Zeros: leave the two conntrack timeouts and the limits of the host alone.
	cat >"$d/proxy.yaml" <<EOF
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: $pod_net.0.0/16
clientConnection: {kubeconfig: $pki/proxy.kubeconfig}
hostnameOverride: $p
conntrack: {maxPerCore: 0, min: 0, tcpCloseWaitTimeout: 0s, tcpEstablishedTimeout: 0s}
nftables: {minSyncPeriod: 100ms}
EOF
	start_in_net "$p" kubelet "$bin/kubelet" --config="$d/kubelet.yaml" --kubeconfig="$pki/$p.kubeconfig" \
		--root-dir="$d/kubelet" --cert-dir="$d/kubelet-pki" --hostname-override="$p" --node-ip="$ip" \
		--node-labels="topology.kubernetes.io/zone=zone-$1"
	start_in_net "$p" kube-proxy "$bin/kube-proxy" --config="$d/proxy.yaml"
	start_in_net "$p" network-policy "$bin/network-policy" --kubeconfig "$pki/admin.kubeconfig" --node "$p" --dns-address "$node_net.1"
}

ctr_on() { # I ARGUMENT...
	ctr --address "$state/node-$1/containerd.sock" --namespace k8s.io "${@:2}"
}

load() { # IMAGE.tar...: into every node at once
	local i image jobs=()
	for image in "$@"; do
		[[ -f $image ]] || die "no such file: $image"
	done
	for ((i = 1; i <= nodes; i++)); do
		load_into $i "$@" &
		jobs+=($!)
	done
	for i in "${jobs[@]}"; do
		wait "$i" || die "loading failed"
	done
}

# load_into sends only the layers that the node does not have. It records the loaded
# content under the image's name: the manifest identifies it by its digests.
load_into() { # I IMAGE.tar...
	local i=$1 image manifest record
	shift
	mkdir -p "$state/node-$i/loaded"
	for image in "$@"; do
		manifest=$(tar -xOf "$image" manifest.json)
		record=$state/node-$i/loaded/$(grep -o '"RepoTags": *\[[^]]*\]' <<<"$manifest" | sha256sum | cut -c 1-32)
		[[ -f $record && $(<"$record") == "$manifest" ]] && continue
		rm -f "$record"
		ctr_on "$i" content ls --quiet | python3 "$here/lib/images/delta.py" "$image" |
			ctr_on "$i" images import --snapshotter overlayfs - >/dev/null
		echo "$manifest" >"$record"
	done
}
