package screen

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

// Line is one Redis of the fleet.
type Line struct {
	Namespace string    `json:"namespace"`
	Name      string    `json:"name"`
	State     State     `json:"state"`
	Summary   string    `json:"summary"`
	Phase     string    `json:"phase"`
	Mode      string    `json:"mode"`
	Version   string    `json:"version"`
	Server    string    `json:"server,omitempty"`
	Shards    int       `json:"shards"`
	ReadyPods string    `json:"readyPods"`
	Reason    string    `json:"reason"`
	Created   time.Time `json:"created"`
}

// worst first, so that the first lines are those that need a user.
var order = map[State]int{Down: 0, Unknown: 1, Warning: 2, Working: 3, Stopped: 4, Well: 5}

// List has a line for each Redis, the worst first.
func List(redises []model.Redis, now time.Time) []Line {
	lines := []Line{}
	for _, redis := range redises {
		state, summary := verdict(redis, now)
		ready, _ := redis.Status.Condition("Ready")
		lines = append(lines, Line{
			Namespace: redis.Metadata.Namespace, Name: redis.Metadata.Name, State: state, Summary: summary,
			Phase: redis.Status.Phase, Mode: redis.Spec.Mode, Version: redis.Spec.Version, Server: redis.Status.Version,
			Shards: redis.Status.ShardCount, ReadyPods: redis.Status.ReadyPods, Reason: ready.Reason,
			Created: redis.Metadata.CreationTimestamp,
		})
	}
	sort.SliceStable(lines, func(a, b int) bool {
		if order[lines[a].State] != order[lines[b].State] {
			return order[lines[a].State] < order[lines[b].State]
		}
		if lines[a].Namespace != lines[b].Namespace {
			return lines[a].Namespace < lines[b].Namespace
		}
		return lines[a].Name < lines[b].Name
	})
	return lines
}

// RenderList writes the fleet; the namespaces only if there may be several.
func RenderList(lines []Line, namespaces bool, now time.Time, style terminal.Style) string {
	rows := [][]terminal.Cell{heading("NAMESPACE", "NAME", "STATE", "PHASE", "READY", "MODE", "SHARDS", "VERSION", "SERVER", "AGE", "SUMMARY")}
	for _, line := range lines {
		namespace := ""
		if namespaces {
			namespace = line.Namespace
		}
		rows = append(rows, []terminal.Cell{
			{Text: namespace}, {Text: line.Name}, {Text: string(line.State), Colour: colours[line.State]}, {Text: line.Phase},
			{Text: line.ReadyPods}, {Text: line.Mode}, {Text: fmt.Sprint(line.Shards)}, {Text: line.Version}, {Text: line.Server},
			{Text: terminal.Since(line.Created, now)}, {Text: line.Summary},
		})
	}
	var out strings.Builder
	style.Table(&out, 0, rows)
	return out.String()
}
