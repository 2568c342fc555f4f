// Package model has what the plugin reads: the parts of Kubernetes objects that it uses, and what servers say.
package model

import "time"

// Meta is the metadata of an object.
type Meta struct {
	Name              string            `json:"name"`
	Namespace         string            `json:"namespace"`
	UID               string            `json:"uid"`
	Generation        int64             `json:"generation"`
	CreationTimestamp time.Time         `json:"creationTimestamp"`
	DeletionTimestamp *time.Time        `json:"deletionTimestamp"`
	Labels            map[string]string `json:"labels"`
	Annotations       map[string]string `json:"annotations"`
	OwnerReferences   []Owner           `json:"ownerReferences"`
}

// Owner is an owner reference.
type Owner struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Controller bool   `json:"controller"`
}

// Redis is the custom resource.
type Redis struct {
	Metadata Meta        `json:"metadata"`
	Spec     RedisSpec   `json:"spec"`
	Status   RedisStatus `json:"status"`
}

// RedisSpec is what the user wants. The schema has set the defaults.
type RedisSpec struct {
	Version string `json:"version"`
	Mode    string `json:"mode"`
	Halted  bool   `json:"halted"`
	Cluster *struct {
		Master   int `json:"master"`
		Replicas int `json:"replicas"`
	} `json:"cluster"`
	Standalone *struct {
		Replicas int `json:"replicas"`
	} `json:"standalone"`
	Sentinel *struct {
		Replicas   *int   `json:"replicas"`
		Sentinels  *int   `json:"sentinels"`
		MasterName string `json:"masterName"`
	} `json:"sentinel"`
	StorageType string `json:"storageType"`
	Storage     *struct {
		Resources struct {
			Requests struct {
				Storage any `json:"storage"`
			} `json:"requests"`
		} `json:"resources"`
	} `json:"storage"`
	UpdateStrategy struct {
		Type string `json:"type"`
	} `json:"updateStrategy"`
	Auth struct {
		Disabled  bool `json:"disabled"`
		SecretRef *struct {
			Name string `json:"name"`
		} `json:"secretRef"`
	} `json:"auth"`
}

// RedisStatus is what the operator last saw.
type RedisStatus struct {
	Phase              string      `json:"phase"`
	ObservedGeneration int64       `json:"observedGeneration"`
	Conditions         []Condition `json:"conditions"`
	Version            string      `json:"version"`
	ShardCount         int         `json:"shardCount"`
	ReadyPods          string      `json:"readyPods"`
	Shards             []Shard     `json:"shards"`
	Migration          *Migration  `json:"migration"`
	Binding            *struct {
		Name string `json:"name"`
	} `json:"binding"`
}

// Condition is a condition of the status.
type Condition struct {
	Type               string    `json:"type"`
	Status             string    `json:"status"`
	Reason             string    `json:"reason"`
	Message            string    `json:"message"`
	LastTransitionTime time.Time `json:"lastTransitionTime"`
}

// Shard is a shard as the servers see it.
type Shard struct {
	Name      string   `json:"name"`
	Slots     string   `json:"slots"`
	SlotCount int      `json:"slotCount"`
	Master    string   `json:"master"`
	Replicas  []string `json:"replicas"`
}

// Migration is the slots on the move.
type Migration struct {
	MovedSlots       int       `json:"movedSlots"`
	RemainingSlots   int       `json:"remainingSlots"`
	RemainingKeys    int64     `json:"remainingKeys"`
	KeysPerSecond    int64     `json:"keysPerSecond"`
	StartTime        time.Time `json:"startTime"`
	EstimatedEndTime time.Time `json:"estimatedEndTime"`
}

// Pod is a pod.
type Pod struct {
	Metadata Meta `json:"metadata"`
	Spec     struct {
		NodeName   string `json:"nodeName"`
		Containers []struct {
			Name string `json:"name"`
		} `json:"containers"`
	} `json:"spec"`
	Status struct {
		Phase      string `json:"phase"`
		PodIP      string `json:"podIP"`
		Reason     string `json:"reason"`
		Message    string `json:"message"`
		Conditions []struct {
			Type    string `json:"type"`
			Status  string `json:"status"`
			Reason  string `json:"reason"`
			Message string `json:"message"`
		} `json:"conditions"`
		ContainerStatuses []ContainerStatus `json:"containerStatuses"`
	} `json:"status"`
}

// ContainerStatus is the state of a container.
type ContainerStatus struct {
	Name         string `json:"name"`
	RestartCount int    `json:"restartCount"`
	State        struct {
		Running *struct {
			StartedAt time.Time `json:"startedAt"`
		} `json:"running"`
		Waiting *struct {
			Reason  string `json:"reason"`
			Message string `json:"message"`
		} `json:"waiting"`
		Terminated *struct {
			Reason   string `json:"reason"`
			ExitCode int    `json:"exitCode"`
		} `json:"terminated"`
	} `json:"state"`
}

// Event is an event of core/v1.
type Event struct {
	Metadata      Meta      `json:"metadata"`
	Type          string    `json:"type"`
	Reason        string    `json:"reason"`
	Message       string    `json:"message"`
	EventTime     time.Time `json:"eventTime"`
	LastTimestamp time.Time `json:"lastTimestamp"`
	Series        *struct {
		LastObservedTime time.Time `json:"lastObservedTime"`
	} `json:"series"`
}

// Time is when it last happened.
func (e Event) Time() time.Time {
	last := e.LastTimestamp
	if e.EventTime.After(last) {
		last = e.EventTime
	}
	if e.Series != nil && e.Series.LastObservedTime.After(last) {
		last = e.Series.LastObservedTime
	}
	return last
}

// Condition finds a condition by its type.
func (s RedisStatus) Condition(kind string) (Condition, bool) {
	for _, condition := range s.Conditions {
		if condition.Type == kind {
			return condition, true
		}
	}
	return Condition{}, false
}

// Is says whether a condition has this status.
func (s RedisStatus) Is(kind, status string) bool {
	condition, found := s.Condition(kind)
	return found && condition.Status == status
}

// Ready says whether the server's container of a pod passes its readiness probe, with all others.
func (p Pod) Ready() bool {
	for _, condition := range p.Status.Conditions {
		if condition.Type == "Ready" {
			return condition.Status == "True"
		}
	}
	return false
}

// Container is the state of a container; false where the kubelet has not reported it.
func (p Pod) Container(name string) (ContainerStatus, bool) {
	for _, status := range p.Status.ContainerStatuses {
		if status.Name == name {
			return status, true
		}
	}
	return ContainerStatus{}, false
}
