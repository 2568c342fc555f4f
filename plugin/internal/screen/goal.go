package screen

import (
	"slotkeeper.io/kubectl-slotkeeper/internal/model"
)

// Goals are what one can wait for.
var Goals = map[string]string{
	"Ready":    "clients can use it",
	"Complete": "it is ready, and everything matches the spec",
	"Halted":   "no pods are left",
	"Deleted":  "it is gone",
}

// Reached says whether a goal other than Deleted is reached, and if not, why. A status that does not speak of the newest
// spec says nothing.
func Reached(goal string, redis model.Redis) (bool, string) {
	status := redis.Status
	if status.ObservedGeneration < redis.Metadata.Generation || len(status.Conditions) == 0 {
		return false, "the operator has not seen the last change yet"
	}
	switch goal {
	case "Ready":
		ready, _ := status.Condition("Ready")
		return ready.Status == "True", ready.Reason + ": " + ready.Message
	case "Halted":
		return status.Phase == "Halted", "the phase is " + orText(status.Phase, "unknown")
	}
	for _, wanted := range []struct{ kind, status string }{
		{"Ready", "True"}, {"Progressing", "False"}, {"Degraded", "False"}, {"ConfigurationApplied", "True"},
	} {
		if condition, _ := status.Condition(wanted.kind); condition.Status != wanted.status {
			return false, orText(condition.Reason, "there is no condition "+wanted.kind) + ": " + condition.Message
		}
	}
	return true, ""
}
