package model

import (
	"regexp"
	"strconv"
	"strings"
)

// Labels and annotations of the operator.
const (
	Group          = "slotkeeper.io"
	RedisLabel     = Group + "/redis"
	RoleLabel      = Group + "/role"
	RotatePassword = Group + "/rotate-password"
	// PasswordChanged is on the Secret of the servers.
	PasswordChanged = Group + "/password-changed"
	PreviousUntil   = Group + "/previous-password-until"
	RestartedAt     = Group + "/restarted-at"
)

// ServerContainer and SentinelContainer are the containers of the two kinds of pods.
const (
	ServerContainer   = "redis"
	SentinelContainer = "sentinel"
)

var name = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$`)

// ValidName says whether a Redis can have this name: the schema allows no other.
func ValidName(text string) bool { return name.MatchString(text) }

// Place is where a pod belongs.
type Place struct {
	Sentinel bool
	Shard    int
	Ordinal  int
}

// PlaceOf tells the place of a pod by what proves that it belongs to a Redis: its derived name, and the controller of
// that name. Anyone can write labels, so these prove nothing.
func PlaceOf(pod Pod, redis string) (Place, bool) {
	controller := ""
	for _, owner := range pod.Metadata.OwnerReferences {
		if owner.Controller && owner.Kind == "StatefulSet" {
			controller = owner.Name
		}
	}
	ordinal, found := number(pod.Metadata.Name, controller+"-")
	if !found {
		return Place{}, false
	}
	if controller == redis+"-sentinel" {
		return Place{Sentinel: true, Ordinal: ordinal}, true
	}
	shard, found := number(controller, redis+"-shard")
	return Place{Shard: shard, Ordinal: ordinal}, found
}

func number(text, prefix string) (int, bool) {
	digits, found := strings.CutPrefix(text, prefix)
	value, err := strconv.Atoi(digits)
	return value, found && err == nil && value >= 0 && strconv.Itoa(value) == digits
}

// Container is the name of the container that has the server or Sentinel.
func (p Place) Container() string {
	if p.Sentinel {
		return SentinelContainer
	}
	return ServerContainer
}

// Cli is the command that asks the server or Sentinel of a pod. The script of that name in the container knows the
// password, so none is in an argument.
func (p Place) Cli(arguments ...string) []string {
	command := []string{"redis-cli"}
	if p.Sentinel {
		command = append(command, "-p", "26379")
	}
	return append(command, arguments...)
}
