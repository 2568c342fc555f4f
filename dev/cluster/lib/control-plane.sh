# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# etcd, the API server, controllers, DNS, volumes.

start_control_plane() {
	local p=control-plane pki=$state/pki
	mkdir -p "$state/$p" "$state/logs/$p"
	make_cgroup $p
	# The cluster's data need not survive a power failure: no fsync.
	start_in_net $p etcd "$bin/etcd" --data-dir "$state/$p/etcd" --unsafe-no-fsync --log-level=warn \
		--listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
	# InternalIP: the nodes' names are not resolvable. Aggregator routing: the API
	# server reaches webhooks at their pods, so this namespace needs no kube-proxy.
	start_in_net $p kube-apiserver "$bin/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
		--advertise-address="$node_net.1" --secure-port=6443 --service-cluster-ip-range="$service_range" \
		--tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
		--service-account-issuer=https://kubernetes.default.svc.cluster.local \
		--service-account-key-file="$pki/service-account.pub" --service-account-signing-key-file="$pki/service-account.key" \
		--authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
		--kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key" --kubelet-certificate-authority="$pki/ca.crt" \
		--kubelet-preferred-address-types=InternalIP --enable-aggregator-routing=true
	# The only process in the host's network namespace.
	start $p api-proxy "$bin/api-proxy" --netns "/run/netns/$name-$p" --to "$node_net.1:6443" --address-file "$state/$p/api-address"
	until [[ -s $state/$p/api-address ]]; do sleep 0.05; done
	(cd "$pki" && cp admin.crt host.crt && cp admin.key host.key && kubeconfig_for host "$(cat "$state/$p/api-address")")
	install -m 600 "$pki/host.kubeconfig" "$state/kubeconfig"
}

api_ready() {
	curl -sf --max-time 2 --cacert "$state/pki/ca.crt" --cert "$state/pki/admin.crt" --key "$state/pki/admin.key" \
		"https://$(cat "$state/control-plane/api-address" 2>/dev/null)/readyz" >/dev/null 2>&1
}

# start_controllers starts the processes that exit if the API server is not up yet.
# None elects a leader: there is one of each, and a lost lease would end it.
start_controllers() {
	local p=control-plane pki=$state/pki
	# A dead node is detected within 16 s (50 s by default).
	start_in_net $p kube-controller-manager "$bin/kube-controller-manager" --kubeconfig="$pki/controller-manager.kubeconfig" \
		--leader-elect=false --bind-address=127.0.0.1 --use-service-account-credentials=true --controllers='*' \
		--service-account-private-key-file="$pki/service-account.key" --root-ca-file="$pki/ca.crt" \
		--cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" \
		--node-monitor-period=1s --node-monitor-grace-period=16s --flex-volume-plugin-dir="$state/$p/flexvolume"
	start_in_net $p kube-scheduler "$bin/kube-scheduler" --kubeconfig="$pki/scheduler.kubeconfig" \
		--leader-elect=false --bind-address=127.0.0.1
	cat >"$state/$p/Corefile" <<EOF
.:53 {
	errors
	health 127.0.0.1:8080
	ready 127.0.0.1:8181
	kubernetes cluster.local in-addr.arpa {
		kubeconfig $pki/admin.kubeconfig
		pods verified
		ttl 5
	}
	cache 5
}
EOF
	start_in_net $p coredns "$bin/coredns" -conf "$state/$p/Corefile"
	start_in_net $p volume-provisioner "$bin/volume-provisioner" --kubeconfig "$pki/admin.kubeconfig" --root "$state/volumes"
}

# add_ons: the DNS service and the default storage class
add_ons() {
	kubectl apply -f - >/dev/null <<EOF
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
spec:
  clusterIP: $dns_service
  ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kube-dns, namespace: kube-system, labels: {kubernetes.io/service-name: kube-dns}}
addressType: IPv4
endpoints: [{addresses: [$node_net.1], conditions: {ready: true}}]
ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: slotkeeper.io/local-directory
volumeBindingMode: WaitForFirstConsumer
allowVolumeExpansion: true
reclaimPolicy: Delete
EOF
}
