// Package screen decides what people and scripts are shown of a Redis. It is pure: the same observation gives the same
// screen.
package screen

import (
	"time"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
)

// Observation is what was read at one moment.
type Observation struct {
	Redis  model.Redis
	Pods   []model.Pod
	Events []model.Event
	// Info has the answer of each server that answered, by the name of its pod.
	Info map[string]model.Info
	// Silent has the reason for each server that was asked and did not answer.
	Silent map[string]string
	// Secret is the metadata of the Secret of the servers, never its data; absent where it may not be read.
	Secret *model.Meta
	// Notes say what could not be read, and what to do about it.
	Notes []string
	Now   time.Time
}

// State is the answer to "is it well?".
type State string

// The states, from the best to the worst.
const (
	Well    State = "Well"    // nothing is to be done
	Working State = "Working" // it serves; the operator changes or repairs something
	Warning State = "Warning" // it serves; a user should act
	Down    State = "Down"    // it does not serve
	Stopped State = "Stopped" // it does not serve because the user wants that
	Unknown State = "Unknown" // that is not known
)

// Status is everything on the screen, and the answer for scripts.
type Status struct {
	Name       string      `json:"name"`
	Namespace  string      `json:"namespace"`
	State      State       `json:"state"`
	Summary    string      `json:"summary"`
	Phase      string      `json:"phase"`
	Mode       string      `json:"mode"`
	Shape      string      `json:"shape"`
	Version    string      `json:"version"`
	Server     string      `json:"server,omitempty"`
	Storage    string      `json:"storage"`
	Created    time.Time   `json:"created"`
	Password   *Password   `json:"password,omitempty"`
	Servers    []Server    `json:"servers"`
	Sentinels  []Sentinel  `json:"sentinels,omitempty"`
	Conditions []Condition `json:"conditions"`
	UnderWay   []Work      `json:"underWay"`
	Wrong      []Problem   `json:"wrong"`
	Events     []Event     `json:"events"`
	Notes      []string    `json:"notes"`
	now        time.Time
}

// Password has the times of the password, never the password.
type Password struct {
	Changed       *time.Time `json:"changed,omitempty"`
	PreviousUntil *time.Time `json:"previousUntil,omitempty"`
}

// Server is one line of the table. Numbers are absent where the server did not answer.
type Server struct {
	Shard    int    `json:"shard"`
	Pod      string `json:"pod"`
	Role     string `json:"role"`
	State    string `json:"state"`
	Ready    bool   `json:"ready"`
	Restarts int    `json:"restarts"`
	Slots    string `json:"slots,omitempty"`
	Node     string `json:"node,omitempty"`
	Live     *Live  `json:"live,omitempty"`
}

// Live is what a server says about itself.
type Live struct {
	Version      string `json:"version"`
	UsedMemory   int64  `json:"usedMemoryBytes"`
	MaxMemory    int64  `json:"maxMemoryBytes"`
	Keys         int64  `json:"keys"`
	OpsPerSecond int64  `json:"opsPerSecond"`
	Clients      int64  `json:"clients"`
	Evicted      int64  `json:"evictedKeys"`
	Uptime       int64  `json:"uptimeSeconds"`
	// LagBytes is how much of the replication stream of its master a replica does not have yet. The two numbers come
	// from two moments, so a small one means nothing.
	LagBytes *int64 `json:"lagBytes,omitempty"`
	Link     string `json:"link,omitempty"`
}

// Sentinel is one line of the table of Sentinels.
type Sentinel struct {
	Pod      string `json:"pod"`
	State    string `json:"state"`
	Ready    bool   `json:"ready"`
	Restarts int    `json:"restarts"`
	Node     string `json:"node,omitempty"`
	Live     bool   `json:"live"`
	Master   string `json:"master,omitempty"`
	Replicas string `json:"replicas,omitempty"`
	Peers    string `json:"sentinels,omitempty"`
	Version  string `json:"version,omitempty"`
}

// Condition is a condition with its meaning: whether it is as it should be.
type Condition struct {
	Type   string    `json:"type"`
	Status string    `json:"status"`
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
	Good   bool      `json:"good"`
}

// Work is something that goes on.
type Work struct {
	Reason  string     `json:"reason"`
	Message string     `json:"message"`
	Done    *int       `json:"percent,omitempty"`
	End     *time.Time `json:"estimatedEnd,omitempty"`
}

// Problem is something that is wrong, and what to do.
type Problem struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
	Next    string `json:"next"`
	Urgent  bool   `json:"urgent"`
}

// Event is what has happened lately.
type Event struct {
	Time    time.Time `json:"time"`
	Type    string    `json:"type"`
	Reason  string    `json:"reason"`
	Message string    `json:"message"`
}
