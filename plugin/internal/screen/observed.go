package screen

import (
	"fmt"
	"sort"
	"strings"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

// Above this share of maxmemory, a server is about to evict keys or to refuse writes.
const fullPercent = 90

// observed are the problems that are no condition: what the servers and the kubelet say themselves.
func observed(status Status, seen Observation) []Problem {
	if status.State == Stopped {
		return nil
	}
	namespace := seen.Redis.Metadata.Namespace
	var list []Problem
	for _, server := range status.Servers {
		if !named(status.Wrong, server.Pod) {
			list = append(list, podProblems(namespace, server.Pod, server.State, model.ServerContainer)...)
		}
		if info, answered := seen.Info[server.Pod]; answered {
			list = append(list, serverProblems(namespace, server, info)...)
		}
	}
	for _, sentinel := range status.Sentinels {
		if !named(status.Wrong, sentinel.Pod) {
			list = append(list, podProblems(namespace, sentinel.Pod, sentinel.State, model.SentinelContainer)...)
		}
	}
	list = append(list, silent(namespace, seen)...)
	return append(list, versions(status)...)
}

// named says whether the operator has reported something about a pod: it knows more than a word of the kubelet.
func named(reported []Problem, pod string) bool {
	for _, problem := range reported {
		if strings.Contains(problem.Message, pod) {
			return true
		}
	}
	return false
}

// podProblems is for the states in which a pod stays: the others pass by themselves.
func podProblems(namespace, pod, state, container string) []Problem {
	switch state {
	case "CrashLoopBackOff", "Error", "OOMKilled":
		return []Problem{{
			Reason:  state,
			Message: pod + ": the server keeps ending.",
			Next:    fmt.Sprintf("see why: `kubectl -n %s logs --previous %s -c %s`", namespace, pod, container),
			Urgent:  true,
		}}
	case "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "CreateContainerConfigError", "CreateContainerError",
		"Evicted", "Failed":
		return []Problem{{
			Reason:  state,
			Message: pod + " does not start.",
			Next:    fmt.Sprintf("see why: `kubectl -n %s describe pod %s`", namespace, pod),
			Urgent:  true,
		}}
	}
	return nil
}

func serverProblems(namespace string, server Server, info model.Info) []Problem {
	var list []Problem
	add := func(reason, message, next string) {
		list = append(list, Problem{Reason: reason, Message: server.Pod + ": " + message, Next: next})
	}
	live := server.Live
	if info["loading"] == "1" {
		add("Loading", "it loads its data, and serves after that.", "wait")
	}
	if live.Link == "down" && server.Role == "replica" {
		add("ReplicaNotLinked", "it is not connected to its master, and its copy gets older.",
			fmt.Sprintf("if it lasts, see its log: `kubectl -n %s logs %s -c redis`", namespace, server.Pod))
	}
	if info["rdb_last_bgsave_status"] == "err" {
		add("SnapshotFailed", "its last snapshot failed.",
			fmt.Sprintf("see why: `kubectl -n %s logs %s -c redis`; often the volume is full", namespace, server.Pod))
	}
	if info["aof_last_write_status"] == "err" {
		add("AofFailed", "it cannot write its AOF, and refuses writes.",
			fmt.Sprintf("see why: `kubectl -n %s logs %s -c redis`; often the volume is full", namespace, server.Pod))
	}
	if live.MaxMemory > 0 && live.UsedMemory*100 >= live.MaxMemory*fullPercent && server.Role == "master" {
		next := "raise the memory limit or `maxmemory`, add masters, or remove data"
		if policy := info["maxmemory_policy"]; policy == "noeviction" {
			add("MemoryFull", "its memory is used up to "+share(live)+"; it will refuse writes (noeviction).", next)
		} else {
			add("MemoryFull", "its memory is used up to "+share(live)+"; it evicts keys ("+policy+").", next)
		}
	}
	return list
}

func share(live *Live) string {
	return fmt.Sprintf("%d %% of %s", live.UsedMemory*100/live.MaxMemory, terminal.Bytes(live.MaxMemory))
}

// silent are servers that should answer, for their container runs, and did not.
func silent(namespace string, seen Observation) []Problem {
	var pods []string
	for pod := range seen.Silent {
		pods = append(pods, pod)
	}
	sort.Strings(pods)
	var list []Problem
	for _, pod := range pods {
		list = append(list, Problem{
			Reason:  "NoAnswer",
			Message: pod + " did not answer INFO: " + seen.Silent[pod],
			Next:    fmt.Sprintf("if it lasts, ask it yourself: `kubectl slotkeeper -n %s cli %s --pod %s -- ping`", namespace, seen.Redis.Metadata.Name, pod),
		})
	}
	return list
}

// versions is for servers that differ while nothing is being changed.
func versions(status Status) []Problem {
	found := map[string]bool{}
	for _, server := range status.Servers {
		if server.Live != nil && server.Live.Version != "" {
			found[server.Live.Version] = true
		}
	}
	if len(found) < 2 || len(status.UnderWay) > 0 {
		return nil
	}
	var names []string
	for version := range found {
		names = append(names, version)
	}
	sort.Strings(names)
	return []Problem{{
		Reason:  "MixedVersions",
		Message: "The servers have different versions: " + strings.Join(names, ", ") + ".",
		Next:    "see `kubectl describe rd`: ConfigurationApplied says what holds the update up",
	}}
}
