# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# Certificates and kubeconfig files.

certificate() { # FILE SUBJECT [SUBJECT-ALTERNATIVE-NAMES]
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -subj "$2" 2>/dev/null |
		openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -out "$1.crt" -extfile <(
			echo "extendedKeyUsage=clientAuth,serverAuth"
			[[ -z ${3:-} ]] || echo "subjectAltName=$3"
		) 2>/dev/null
}

kubeconfig_for() { # FILE SERVER
	cat >"$1.kubeconfig" <<EOF
apiVersion: v1
kind: Config
clusters: [{name: $name, cluster: {server: "https://$2", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: $name, user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}}]
contexts: [{name: $name, context: {cluster: $name, user: $name}}]
current-context: $name
EOF
}

make_keys() (
	mkdir -m 700 "$state/pki"
	cd "$state/pki" || die "no $state/pki"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -days 3650 -subj /CN=kubernetes 2>/dev/null
	openssl ecparam -name prime256v1 -genkey -noout -out service-account.key
	openssl ec -in service-account.key -pubout -out service-account.pub 2>/dev/null
	certificate apiserver /CN=kube-apiserver "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:$api_service,IP:$node_net.1"
	certificate admin /O=system:masters/CN=admin
	certificate controller-manager /CN=system:kube-controller-manager
	certificate scheduler /CN=system:kube-scheduler
	certificate proxy /CN=system:kube-proxy
	local i f
	for ((i = 1; i <= nodes; i++)); do
		certificate "node-$i" "/O=system:nodes/CN=system:node:node-$i" "DNS:node-$i,IP:$node_net.$((10 + i))"
		kubeconfig_for "node-$i" "$node_net.1:6443"
	done
	for f in admin controller-manager scheduler proxy; do
		kubeconfig_for $f "$node_net.1:6443"
	done
)
