# shellcheck shell=bash disable=SC2154,SC2034 # names are shared with ../cluster and its parts
# The network namespaces of the control plane and the nodes.

# All of these exist inside the cluster's network namespaces only.
node_net=10.250.0 # control plane .1, node I .(10+I)
pod_net=10.244    # node I's pods: 10.244.I.0/24
service_range=10.96.0.0/16
api_service=10.96.0.1
dns_service=10.96.0.10

make_networks() {
	local i j
	ip netns add "$name-control-plane"
	ip -n "$name-control-plane" link set lo up
	ip -n "$name-control-plane" link add nodes type bridge
	ip -n "$name-control-plane" addr add $node_net.1/24 dev nodes
	ip -n "$name-control-plane" link set nodes up
	for ((i = 1; i <= nodes; i++)); do
		ip netns add "$name-node-$i"
		ip -n "$name-node-$i" link set lo up
		ip -n "$name-control-plane" link add "node-$i" type veth peer name eth0 netns "$name-node-$i"
		ip -n "$name-control-plane" link set "node-$i" master nodes up
		ip -n "$name-node-$i" addr add "$node_net.$((10 + i))/24" dev eth0
		ip -n "$name-node-$i" link set eth0 up
		# A packet to a service address is routed before it is redirected:
		# without a default route it would never get that far. The control
		# plane has no route further, so stray packets are refused there.
		ip -n "$name-node-$i" route add default via $node_net.1
		ip -n "$name-control-plane" route add "$pod_net.$i.0/24" via "$node_net.$((10 + i))"
		for ((j = 1; j <= nodes; j++)); do
			((i == j)) || ip -n "$name-node-$i" route add "$pod_net.$j.0/24" via "$node_net.$((10 + j))"
		done
		in_net "node-$i" sysctl -qw net.ipv4.ip_forward=1
	done
}
