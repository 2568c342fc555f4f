# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# Prerequisites, and the programs that are built.

kubernetes_version=1.34.4 # as in ../kubernetes/go.mod
helm_version=v3.22.0

require() {
	[[ $(uname -s) == Linux ]] || die "needs Linux"
	unshare --net true 2>/dev/null ||
		die "may not make network namespaces here: it needs a whole machine, a VM or a privileged container"
	local -A package=([containerd]=containerd [runc]=runc [nft]=nftables [ip]=iproute2 [nsenter]=util-linux
		[openssl]=openssl [curl]=curl [sysctl]=procps [python3]=python3 [umount]=mount)
	local missing=() command
	for command in "${!package[@]}"; do
		command -v "$command" >/dev/null || missing+=("${package[$command]}")
	done
	cni_bin=
	for command in /opt/cni/bin /usr/lib/cni; do
		[[ ! -x $command/ptp ]] || cni_bin=$command
	done
	[[ -n $cni_bin ]] || missing+=(containernetworking-plugins)
	if ((${#missing[@]})); then
		install_packages "${missing[@]}"
		cni_bin=${cni_bin:-/usr/lib/cni}
	fi
}

# build compiles the binary with every role, if its sources have changed.
build() {
	local sources version=k8s.io/component-base/version
	mkdir -p "$bin"
	exec 8>"$bin/lock" # clusters with other names share the binary
	flock 8
	sources=$(cd "$here/kubernetes" && cat go.mod go.sum ./*.go pause/*.go | sha256sum)
	if [[ ! -x $bin/kube || $(cat "$bin/sources" 2>/dev/null) != "$sources" ]]; then
		need_go 24
		say "building Kubernetes $kubernetes_version (the first time takes minutes)"
		rm -f "$bin/sources"
		(
			cd "$here/kubernetes"
			# Without the version a node reports v0.0.0, and charts with a kubeVersion refuse it.
			CGO_ENABLED=0 go build -trimpath -buildvcs=false -o "$bin/kube" -ldflags "-s -w -X $version.gitVersion=v$kubernetes_version
				-X $version.gitMajor=${kubernetes_version%%.*} -X $version.gitMinor=$(cut -d. -f2 <<<$kubernetes_version)" .
		) || die "the build failed"
		echo "$sources" >"$bin/sources"
	fi
	exec 8>&-
	local role
	for role in etcd kube-{apiserver,controller-manager,scheduler,proxy} kubelet kubectl coredns volume-provisioner network-policy api-proxy lookup; do
		ln -sfn kube "$bin/$role"
	done
}

# Helm needs newer Kubernetes libraries than this module, so it is built separately.
build_helm() {
	mkdir -p "$bin"
	if [[ ! -x $bin/helm || $("$bin/helm" version --short) != "$helm_version"* ]]; then
		need_go 26
		say "building Helm $helm_version (takes minutes)"
		GOBIN=$bin CGO_ENABLED=0 go install -trimpath -ldflags "-s -w -X helm.sh/helm/v3/internal/version.version=$helm_version" \
			"helm.sh/helm/v3/cmd/helm@$helm_version" || die "the build failed"
	fi
	echo "$bin/helm"
}
