package command

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slotkeeper.io/kubectl-slotkeeper/internal/kube"
	"slotkeeper.io/kubectl-slotkeeper/internal/screen"
	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

func (t *tool) slots() *cobra.Command {
	var output string
	command := t.named("slots NAME", "Show which shard serves which slots, of a Redis in mode Cluster", cobra.ExactArgs(1),
		func(ctx context.Context, client *kube.Client, name string, _ []string) error {
			if err := oneOf("-o", output, "", "json"); err != nil {
				return err
			}
			seen, err := client.Observe(ctx, name, true, false)
			if err != nil {
				return err
			}
			if seen.Redis.Spec.Mode != "Cluster" {
				return kube.Explained{Code: kube.Refused, What: name + " has no slots: its mode is " + seen.Redis.Spec.Mode, Next: "see `kubectl slotkeeper status " + name + "`"}
			}
			if output == "json" {
				return t.print(asJSON(screen.Slots(seen)))
			}
			return t.print(screen.Slots(seen).Render(t.style()), nil)
		})
	command.Flags().StringVarP(&output, "output", "o", "", "json, for scripts")
	return command
}

func (t *tool) connect() *cobra.Command {
	var show bool
	command := t.named("connect NAME", "Say how to connect to a Redis", cobra.ExactArgs(1),
		func(ctx context.Context, client *kube.Client, name string, _ []string) error {
			redis, err := client.Redis(ctx, name)
			if err != nil {
				return err
			}
			secret, login := screen.SecretToRead(redis)
			if !show || !login {
				return t.print(terminal.NeutralLines(screen.Connect(redis, nil)), nil)
			}
			password, err := client.Password(ctx, secret)
			if err != nil {
				return err
			}
			return t.print(terminal.NeutralLines(screen.Connect(redis, &password)), nil)
		})
	command.Flags().BoolVar(&show, "show-password", false, "print the password, too")
	return command
}

// One request each second is little, and needs no right to watch.
const lookEvery = time.Second

func (t *tool) wait() *cobra.Command {
	var goal string
	var timeout time.Duration
	command := t.named("wait NAME", "Wait until a Redis is ready, or has taken over its spec", cobra.ExactArgs(1),
		func(ctx context.Context, client *kube.Client, name string, _ []string) error {
			if _, known := screen.Goals[goal]; !known {
				return kube.Explained{Code: kube.Usage, What: "one cannot wait for \"" + goal + "\"", Next: "one can wait for: " + goalNames()}
			}
			return t.await(ctx, client, name, goal, timeout)
		})
	command.Flags().StringVar(&goal, "for", "Ready", "what to wait for: "+goalNames())
	command.Flags().DurationVar(&timeout, "timeout", 3*time.Minute, "how long to wait")
	return command
}

func goalNames() string { return strings.Join(slices.Sorted(maps.Keys(screen.Goals)), ", ") }

func (t *tool) await(ctx context.Context, client *kube.Client, name, goal string, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	why := "nothing was seen of it"
	for first := true; ; first = false {
		redis, err := client.Redis(ctx, name)
		switch {
		case goal == "Deleted" && errors.Is(err, kube.Kind(kube.NotFound)):
			return t.print(name+" is gone\n", nil)
		case err != nil && ctx.Err() == nil && (first || !errors.Is(err, kube.Kind(kube.Unreachable))):
			// A cluster that cannot be reached for a moment is asked again, but not one that never answered.
			return err
		case err == nil && goal == "Deleted":
			why = "it is still there"
		case err == nil:
			var reached bool
			if reached, why = screen.Reached(goal, redis); reached {
				return t.print(fmt.Sprintf("%s: %s\n", name, screen.Goals[goal]), nil)
			}
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return kube.Explained{Code: kube.TimedOut, What: fmt.Sprintf("%s is not %s after %s: %s", name, goal, timeout, why), Next: "see `kubectl slotkeeper status " + name + "`"}
			}
			return ctx.Err()
		case <-ticks.C:
		}
	}
}
