package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"slotkeeper.io/kubectl-slotkeeper/internal/kube"
	"slotkeeper.io/kubectl-slotkeeper/internal/model"
)

// change is what a command writes into a Redis, and what it says then.
type change struct {
	patch map[string]any
	done  string
}

// writer is a command that changes a Redis after it has looked at it.
func (t *tool) writer(use, short string, decide func(model.Redis) (change, error)) *cobra.Command {
	var dryRun bool
	command := t.named(use, short, cobra.ExactArgs(1), func(ctx context.Context, client *kube.Client, name string, _ []string) error {
		redis, err := client.Redis(ctx, name)
		if err != nil {
			return err
		}
		if redis.Metadata.DeletionTimestamp != nil {
			return kube.Explained{Code: kube.Refused, What: name + " is being deleted", Next: "create it again when it is gone: `kubectl slotkeeper wait " + name + " --for Deleted`"}
		}
		wish, err := decide(redis)
		if err != nil {
			return err
		}
		if wish.patch == nil {
			return t.print(wish.done+"\n", nil)
		}
		if err := client.Change(ctx, redis, wish.patch, dryRun); err != nil {
			return err
		}
		if dryRun {
			wish.done += " (dry run: nothing was changed)"
		}
		return t.print(wish.done+"\n", nil)
	})
	command.Flags().BoolVar(&dryRun, "dry-run", false, "have the API server check it, and change nothing")
	return command
}

func (t *tool) rotate() *cobra.Command {
	return t.writer("rotate NAME", "Have a new password generated; both are valid for a while", func(redis model.Redis) (change, error) {
		name := redis.Metadata.Name
		switch auth := redis.Spec.Auth; {
		case auth.Disabled:
			return change{}, kube.Explained{Code: kube.Refused, What: name + " has no password", Next: "see docs/security.md"}
		case auth.SecretRef != nil:
			return change{}, kube.Explained{Code: kube.Refused, What: fmt.Sprintf("the password of %s is yours: it is in Secret %s", name, auth.SecretRef.Name),
				Next: "write a new one into that Secret; docs/security.md says what happens then"}
		}
		return change{
			map[string]any{"metadata": map[string]any{"annotations": map[string]any{model.RotatePassword: t.moment()}}},
			fmt.Sprintf("%s gets a new password; Secret %s-auth will have it when all servers accept it", name, name),
		}, nil
	})
}

// moment makes a value that was not there before.
func (t *tool) moment() string { return t.now().UTC().Format(time.RFC3339Nano) }

func (t *tool) restart() *cobra.Command {
	return t.writer("restart NAME", "Have the operator replace every pod, one at a time", func(redis model.Redis) (change, error) {
		name := redis.Metadata.Name
		if redis.Spec.Halted {
			return change{}, kube.Explained{Code: kube.Refused, What: name + " is halted: it has no pods", Next: "start it with `kubectl slotkeeper resume " + name + "`"}
		}
		template := map[string]any{"podTemplate": map[string]any{"metadata": map[string]any{"annotations": map[string]any{model.RestartedAt: t.moment()}}}}
		spec := map[string]any{"podTemplate": template["podTemplate"]}
		if redis.Spec.Mode == "Sentinel" {
			spec["sentinel"] = template
		}
		done := fmt.Sprintf("%s: the operator replaces its pods, one at a time, where no data is lost; follow it with `kubectl slotkeeper status %s --watch`", name, name)
		if redis.Spec.UpdateStrategy.Type == "OnDelete" {
			done = fmt.Sprintf("%s: its updateStrategy is OnDelete, so its pods are yours to delete, one at a time; condition ConfigurationApplied names them", name)
		}
		return change{map[string]any{"spec": spec}, done}, nil
	})
}

func (t *tool) halt() *cobra.Command {
	return t.writer("halt NAME", "Stop all pods, and keep the data on its volumes", func(redis model.Redis) (change, error) {
		return halted(redis, true, redis.Metadata.Name+" is being halted: its pods stop, its volumes stay")
	})
}

func (t *tool) resume() *cobra.Command {
	return t.writer("resume NAME", "Start a Redis again that was halted", func(redis model.Redis) (change, error) {
		return halted(redis, false, redis.Metadata.Name+" is being resumed")
	})
}

func halted(redis model.Redis, value bool, done string) (change, error) {
	if redis.Spec.Halted == value {
		state := map[bool]string{true: "halted", false: "not halted"}[value]
		return change{nil, redis.Metadata.Name + " is " + state + " already"}, nil
	}
	return change{map[string]any{"spec": map[string]any{"halted": value}}, done}, nil
}
