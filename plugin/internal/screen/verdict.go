package screen

import (
	"fmt"
	"strings"
	"time"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
)

// An operator that runs has written a status within this time.
const patience = 20 * time.Second

// verdict answers "is it well?" from the conditions, by the rules of docs/status.md.
func verdict(redis model.Redis, now time.Time) (State, string) {
	status := redis.Status
	progressing, degraded := atWork(status), status.Is("Degraded", "True")
	ready, known := status.Condition("Ready")
	switch {
	case redis.Metadata.DeletionTimestamp != nil:
		return Working, "it is being deleted"
	case !known && now.Sub(redis.Metadata.CreationTimestamp) > patience:
		return Unknown, "no operator has looked at it"
	case !known:
		return Working, "it was just created"
	case status.Phase == "Halted":
		return Stopped, "it is halted: no pods run, and volumes are kept"
	case ready.Status == "Unknown":
		return Unknown, "the operator could not look at it"
	case ready.Status == "False" && status.Phase == "Halting":
		return Stopped, "its pods are being stopped, because it is halted"
	case ready.Status == "False" && progressing:
		return Down, "clients cannot use all of it; the operator is at work"
	case ready.Status == "False":
		return Down, "clients cannot use all of it, and a user has to act"
	case redis.Metadata.Generation > status.ObservedGeneration:
		return Working, "it serves; the operator has not seen the last change of the spec yet"
	case degraded && progressing:
		return Working, "it serves; something is missing, and the operator repairs it"
	case degraded:
		return Warning, "it serves; something is missing, and a user has to act"
	case status.Is("ConfigurationApplied", "False") && !progressing:
		return Warning, "it serves; a part of the spec is not applied"
	case status.Is("DataLost", "True"):
		return Warning, "it serves; data was lost within the last day"
	case status.Is("ConfigurationWarning", "True"):
		return Warning, "it serves; the configuration has a risk"
	case progressing:
		return Working, "it serves; a change is under way"
	}
	return Well, "all is well"
}

// atWork says whether the operator expects a change without a user. While the kubelet has not reported a pod ready, nothing
// progresses, and yet the phase says that it will.
func atWork(status model.RedisStatus) bool {
	switch status.Phase {
	case "Creating", "Healing", "Scaling", "Updating", "Halting":
		return true
	}
	return status.Is("Progressing", "True")
}

// underWay is what the operator is doing.
func underWay(redis model.Redis) []Work {
	list := []Work{}
	status := redis.Status
	if progressing, found := status.Condition("Progressing"); found && progressing.Status == "True" {
		work := Work{Reason: progressing.Reason, Message: progressing.Message}
		if status.Migration != nil {
			work.Done, work.End = progress(*status.Migration)
		}
		list = append(list, work)
	}
	if status.Migration != nil && len(list) == 0 {
		work := Work{Reason: "Scaling", Message: moved(*status.Migration)}
		work.Done, work.End = progress(*status.Migration)
		list = append(list, work)
	}
	applied, found := status.Condition("ConfigurationApplied")
	if found && applied.Status == "False" && planned[applied.Reason] && (len(list) == 0 || list[0].Reason != applied.Reason) {
		list = append(list, Work{Reason: applied.Reason, Message: applied.Message})
	}
	return list
}

// planned are the reasons of ConfigurationApplied that pass by themselves.
var planned = map[string]bool{"Updating": true, "ChangingPersistence": true, "ChangingPassword": true, "WaitingForDeletion": true}

func progress(migration model.Migration) (*int, *time.Time) {
	all := migration.MovedSlots + migration.RemainingSlots
	if all <= 0 {
		return nil, nil
	}
	percent := 100 * migration.MovedSlots / all
	if migration.EstimatedEndTime.IsZero() {
		return &percent, nil
	}
	return &percent, &migration.EstimatedEndTime
}

func moved(migration model.Migration) string {
	return fmt.Sprintf("%d of %d slots have moved", migration.MovedSlots, migration.MovedSlots+migration.RemainingSlots)
}

const (
	wait = "wait, the operator is at work on it; if it lasts, do what the message says"
	act  = "do what the message says"
	// Where docs/status.md explains every reason.
	page = "; docs/status.md explains "
)

// reported are the problems that the operator has found. Its messages say what to do.
func reported(redis model.Redis) []Problem {
	list := []Problem{}
	status := redis.Status
	repairing := atWork(status)
	add := func(kind, wrong string, urgent bool) {
		condition, found := status.Condition(kind)
		if !found || condition.Status != wrong && !(kind == "Ready" && condition.Status == "Unknown") {
			return
		}
		for i, other := range list {
			if other.Reason == condition.Reason && (other.Message == condition.Message || strings.HasPrefix(condition.Message, other.Message)) {
				list[i].Message = condition.Message
				return
			}
		}
		next := act + page + condition.Reason
		if repairing && (kind == "Ready" || kind == "Degraded") || kind == "ConfigurationApplied" && planned[condition.Reason] {
			next = wait + page + condition.Reason
		}
		list = append(list, Problem{condition.Reason, condition.Message, next, urgent})
	}
	switch {
	case len(status.Conditions) == 0:
		list = append(list, unseen())
		return list
	case status.Phase == "Halted" || status.Phase == "Halting":
		// Nothing serves, as the user wishes: that is no problem.
	default:
		add("Ready", "False", true)
		add("Degraded", "True", false)
	}
	if applied, _ := status.Condition("ConfigurationApplied"); !planned[applied.Reason] {
		add("ConfigurationApplied", "False", false)
	}
	add("ConfigurationWarning", "True", false)
	add("DataLost", "True", false)
	return list
}

func unseen() Problem {
	return Problem{
		Reason:  "NoStatus",
		Message: "No operator has written a status.",
		Next: "look whether the operator runs, and watches this namespace: `kubectl get pods -A -l " + OperatorLabels +
			"`, then the log of these pods",
		Urgent: true,
	}
}

// OperatorLabels select the pods of the operator, whatever the name of its release.
const OperatorLabels = "app.kubernetes.io/name=slotkeeper,app.kubernetes.io/component=operator"
