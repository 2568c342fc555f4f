package screen

import (
	"fmt"
	"sort"
	"time"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
)

const (
	// Events that are older say nothing about now.
	recent     = 2 * time.Hour
	mostEvents = 6
)

// Build draws the conclusions from an observation.
func Build(seen Observation) Status {
	redis := seen.Redis
	status := Status{
		Name:       redis.Metadata.Name,
		Namespace:  redis.Metadata.Namespace,
		Phase:      redis.Status.Phase,
		Mode:       redis.Spec.Mode,
		Shape:      Shape(redis),
		Version:    redis.Spec.Version,
		Server:     redis.Status.Version,
		Storage:    storage(redis),
		Created:    redis.Metadata.CreationTimestamp,
		Password:   password(seen),
		Servers:    servers(seen),
		Sentinels:  sentinels(seen),
		Conditions: conditions(redis.Status.Conditions),
		UnderWay:   underWay(redis),
		Events:     events(seen),
		Notes:      append([]string{}, seen.Notes...),
		now:        seen.Now,
	}
	status.State, status.Summary = verdict(redis, seen.Now)
	status.Wrong = reported(redis)
	status.Wrong = append(status.Wrong, observed(status, seen)...)
	if status.State == Well && len(status.Wrong) > 0 {
		status.State, status.Summary = Warning, "it serves, but look at what is wrong below"
	}
	return status
}

// Shape says how many servers there are to be.
func Shape(redis model.Redis) string {
	spec := redis.Spec
	switch {
	case spec.Mode == "Cluster" && spec.Cluster != nil:
		return plural(spec.Cluster.Master, "master") + ", " + plural(spec.Cluster.Replicas, "replica") + " each"
	case spec.Mode == "Sentinel":
		replicas, sentinels := 1, 3
		if spec.Sentinel != nil {
			replicas, sentinels = or(spec.Sentinel.Replicas, replicas), or(spec.Sentinel.Sentinels, sentinels)
		}
		return "1 primary, " + plural(replicas, "replica") + ", " + plural(sentinels, "Sentinel")
	case spec.Standalone != nil:
		return "1 primary, " + plural(spec.Standalone.Replicas, "replica")
	}
	return "1 primary, 0 replicas"
}

func plural(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}

func or(value *int, otherwise int) int {
	if value == nil {
		return otherwise
	}
	return *value
}

func storage(redis model.Redis) string {
	if redis.Spec.StorageType == "Ephemeral" {
		return "ephemeral"
	}
	if redis.Spec.Storage == nil {
		return "volumes"
	}
	return fmt.Sprintf("volumes of %v", redis.Spec.Storage.Resources.Requests.Storage)
}

func password(seen Observation) *Password {
	if seen.Secret == nil || seen.Redis.Spec.Auth.Disabled {
		return nil
	}
	// Until the first change, it is as old as the Secret.
	changed := moment(seen.Secret.Annotations[model.PasswordChanged])
	if changed == nil {
		changed = &seen.Secret.CreationTimestamp
	}
	return &Password{Changed: changed, PreviousUntil: moment(seen.Secret.Annotations[model.PreviousUntil])}
}

func moment(text string) *time.Time {
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil
	}
	return &parsed
}

func servers(seen Observation) []Server {
	shards := map[string]model.Shard{}
	for _, shard := range seen.Redis.Status.Shards {
		shards[shard.Name] = shard
	}
	list := []Server{}
	for _, pod := range seen.Pods {
		place, ours := model.PlaceOf(pod, seen.Redis.Metadata.Name)
		if !ours || place.Sentinel {
			continue
		}
		name := pod.Metadata.Name
		shard := shards[fmt.Sprintf("%s-shard%d", seen.Redis.Metadata.Name, place.Shard)]
		server := Server{
			Shard:    place.Shard,
			Pod:      name,
			Role:     role(seen, shard, name),
			State:    podState(pod, model.ServerContainer),
			Ready:    pod.Ready(),
			Restarts: restarts(pod, model.ServerContainer),
			Node:     pod.Spec.NodeName,
		}
		if shard.Master == name {
			server.Slots = shard.Slots
		}
		if info, answered := seen.Info[name]; answered {
			server.Live = live(info, seen.Info[shard.Master])
		}
		list = append(list, server)
	}
	sort.SliceStable(list, func(a, b int) bool {
		if list[a].Shard != list[b].Shard {
			return list[a].Shard < list[b].Shard
		}
		// The one that takes the writes first, since that is what people look for.
		if first := list[a].Role == "master"; first != (list[b].Role == "master") {
			return first
		}
		return list[a].Pod < list[b].Pod
	})
	return list
}

// role is what the server itself says, else what the operator last saw.
func role(seen Observation, shard model.Shard, pod string) string {
	info, answered := seen.Info[pod]
	if answered && info.Role() == "replica" {
		return "replica"
	}
	if shard.Master == pod {
		return "master"
	}
	for _, replica := range shard.Replicas {
		if replica == pod && !answered {
			return "replica"
		}
	}
	// A server without slots calls itself master, and so does one that waits for its role.
	if answered && info.Role() == "master" && shard.Master == "" && seen.Redis.Spec.Mode == "Cluster" {
		return "master"
	}
	return ""
}

func live(info, master model.Info) *Live {
	live := &Live{Version: info.Version(), Keys: info.Keys()}
	live.UsedMemory, _ = info.Number("used_memory")
	live.MaxMemory, _ = info.Number("maxmemory")
	live.OpsPerSecond, _ = info.Number("instantaneous_ops_per_sec")
	live.Clients, _ = info.Number("connected_clients")
	live.Evicted, _ = info.Number("evicted_keys")
	live.Uptime, _ = info.Number("uptime_in_seconds")
	if info.Role() != "replica" {
		return live
	}
	switch {
	case info["master_sync_in_progress"] == "1":
		live.Link = "copying"
	case info["master_link_status"] == "up":
		live.Link = "up"
	default:
		live.Link = "down"
	}
	offset, known := info.Offset()
	ahead, knownAhead := master.Offset()
	if known && knownAhead && live.Link == "up" && info["master_replid"] == master["master_replid"] {
		lag := max(ahead-offset, 0)
		live.LagBytes = &lag
	}
	return live
}

func sentinels(seen Observation) []Sentinel {
	var list []Sentinel
	for _, pod := range seen.Pods {
		place, ours := model.PlaceOf(pod, seen.Redis.Metadata.Name)
		if !ours || !place.Sentinel {
			continue
		}
		info, answered := seen.Info[pod.Metadata.Name]
		watched := model.SentinelMaster(info)
		list = append(list, Sentinel{
			Pod:      pod.Metadata.Name,
			State:    podState(pod, model.SentinelContainer),
			Ready:    pod.Ready(),
			Restarts: restarts(pod, model.SentinelContainer),
			Node:     pod.Spec.NodeName,
			Live:     answered,
			Master:   podAt(seen.Pods, watched["address"]),
			Replicas: watched["slaves"],
			Peers:    watched["sentinels"],
			Version:  info.Version(),
		})
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].Pod < list[b].Pod })
	return list
}

// podAt names the pod at an address; the address itself if there is none.
func podAt(pods []model.Pod, address string) string {
	for _, pod := range pods {
		if pod.Status.PodIP != "" && address == pod.Status.PodIP+":6379" {
			return pod.Metadata.Name
		}
	}
	return address
}

func restarts(pod model.Pod, container string) int {
	status, _ := pod.Container(container)
	return status.RestartCount
}

// podState is one word for what a pod does.
func podState(pod model.Pod, container string) string {
	status, reported := pod.Container(container)
	switch {
	case pod.Metadata.DeletionTimestamp != nil:
		return "Terminating"
	case reported && status.State.Waiting != nil && status.State.Waiting.Reason != "":
		return status.State.Waiting.Reason
	case reported && status.State.Terminated != nil:
		return orText(status.State.Terminated.Reason, "Terminated")
	case pod.Ready():
		return "Ready"
	case reported && status.State.Running != nil:
		return "NotReady"
	case pod.Status.Reason != "":
		return pod.Status.Reason
	}
	return orText(pod.Status.Phase, "Unknown")
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// bad are the conditions that should be False.
var bad = map[string]bool{"Progressing": true, "Degraded": true, "ConfigurationWarning": true, "DataLost": true}

func conditions(all []model.Condition) []Condition {
	list := []Condition{}
	for _, condition := range all {
		good := "True"
		if bad[condition.Type] {
			good = "False"
		}
		list = append(list, Condition{condition.Type, condition.Status, condition.Reason, condition.LastTransitionTime, condition.Status == good})
	}
	return list
}

func events(seen Observation) []Event {
	list := []Event{}
	for _, event := range seen.Events {
		if at := event.Time(); seen.Now.Sub(at) < recent {
			list = append(list, Event{at, event.Type, event.Reason, event.Message})
		}
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].Time.After(list[b].Time) })
	return list[:min(len(list), mostEvents)]
}
