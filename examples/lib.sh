# shellcheck shell=bash
# What the tests of the examples share. To be sourced, after `set -euo pipefail`; it goes to the example's directory.
# They need a cluster with the operator, and the rights to create a namespace.

cd "$(dirname "${BASH_SOURCE[1]}")" || exit
example=$(basename "$PWD")
namespace=example-$example-$$ # goes at the end
temporary=$(mktemp -d)
said=$temporary/said # a long output goes there, too: where it ended is shown last
trap finish EXIT

finish() {
	local rc=$?
	set +e
	if ((rc != 0)); then
		# What one would look at first.
		printf '\n%s failed; what is there:\n' "$example"
		kubectl describe rd --namespace "$namespace"
		kubectl get pods,pvc,sts -o wide --namespace "$namespace"
		kubectl get events --sort-by=.lastTimestamp --namespace "$namespace" | tail -n 30
		[[ ! -f $said ]] || { printf '\nIt ended with:\n' && tail -n 15 "$said"; }
	fi >&2
	kubectl delete namespace "$namespace" --wait=false --ignore-not-found
	rm -r "$temporary"
	exit "$rc"
}

# Creates the namespace, under the strictest rules that Kubernetes has for pods, and makes it kubectl's current one.
use_namespace() {
	# A copy, for the current namespace is a part of it.
	(umask 077 && kubectl config view --raw --flatten --minify >"$temporary/kubeconfig")
	export KUBECONFIG=$temporary/kubeconfig
	kubectl create namespace "$namespace"
	kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null
	kubectl config set-context --current --namespace="$namespace" >/dev/null
}

# Follows the tutorial of the example's name, in a copy where another namespace stands for `demo`: a user may have
# followed it there already.
follow_tutorial() { follow_page "tutorial-$example.md"; }

# follow_page PAGE: the same, with any page of docs.
follow_page() {
	mkdir "$temporary/examples" "$temporary/docs"
	cp -r . "$temporary/examples/$example"
	cp ../follow "$temporary/examples"
	cp "../../docs/$1" "$temporary/docs"
	cd "$temporary"
	sed -i "s/\bdemo\b/$namespace/g" "docs/$1" "examples/$example"/*.yaml
	"examples/follow" "docs/$1" | tee "$said"
}

# ready NAME: waits for a Redis.
ready() { kubectl wait --for=condition=Ready "rd/$1" --timeout=180s; }

# redis POD ARGUMENT...
redis() { kubectl exec "$1" -c redis -- redis-cli -c "${@:2}"; }

# get KIND/NAME JSONPATH: one field of an object.
get() { kubectl get "$1" -o "jsonpath=$2"; }

# same WHAT EXPECTED ACTUAL
same() {
	[[ $2 == "$3" ]] || {
		printf '%s: expected "%s", but it is "%s"\n' "$@" >&2
		return 1
	}
	printf '%s: %s\n' "$1" "$3"
}
