package screen

import (
	"fmt"
	"strings"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
)

// Connect says how applications and people reach a Redis. The password is in it only if it is given.
func Connect(redis model.Redis, password *string) string {
	name, namespace := redis.Metadata.Name, redis.Metadata.Namespace
	login := !redis.Spec.Auth.Disabled
	var out strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&out, format+"\n", values...) }
	// Names are those of DNS, so nothing in these commands needs quotes.
	line("In the cluster")
	switch redis.Spec.Mode {
	case "Cluster":
		line("  host            %s.%s.svc:6379, any server; for clients with cluster support", name, namespace)
	case "Sentinel":
		line("  Sentinels       %s-sentinel.%s.svc:26379, master name %s", name, namespace, masterName(redis))
		line("  host            %s.%s.svc:6379, the primary; for clients without Sentinel support", name, namespace)
	default:
		line("  host            %s.%s.svc:6379, the primary", name, namespace)
	}
	if redis.Spec.Mode != "Cluster" {
		line("  reads           %s-replicas.%s.svc:6379, replicas in sync", name, namespace)
	}
	secret := binding(redis)
	if login {
		line("  user            default")
		if password != nil {
			line("  password        %s", *password)
		} else {
			line("  password        key `password` of Secret %s", secret)
		}
	} else {
		line("  password        none: everyone in this namespace may connect")
	}
	if redis.Status.Binding != nil {
		line("  binding         Secret %s has all of this for an application to mount", secret)
	}
	line("")
	line("From this machine")
	line("  kubectl -n %s port-forward service/%s 6379:6379", namespace, name)
	line("  and, in another terminal:")
	if login {
		line("  REDISCLI_AUTH=$(kubectl -n %s get secret %s -o jsonpath='{.data.password}' | base64 -d) redis-cli", namespace, secret)
	} else {
		line("  redis-cli")
	}
	if redis.Spec.Mode == "Cluster" {
		line("  This reaches one server: a client is redirected to addresses that only pods reach.")
	}
	line("")
	line("In a server's own container, logged in")
	line("  kubectl slotkeeper -n %s cli %s", namespace, name)
	return out.String()
}

func masterName(redis model.Redis) string {
	if redis.Spec.Sentinel != nil && redis.Spec.Sentinel.MasterName != "" {
		return redis.Spec.Sentinel.MasterName
	}
	return redis.Metadata.Name
}

func binding(redis model.Redis) string {
	if redis.Status.Binding != nil && redis.Status.Binding.Name != "" {
		return redis.Status.Binding.Name
	}
	if redis.Spec.Auth.SecretRef != nil {
		return redis.Spec.Auth.SecretRef.Name
	}
	return redis.Metadata.Name + "-auth"
}

// SecretToRead is the Secret with the password that servers accept; false if there is no password.
func SecretToRead(redis model.Redis) (string, bool) {
	return binding(redis), !redis.Spec.Auth.Disabled
}
