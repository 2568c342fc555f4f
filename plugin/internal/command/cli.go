package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"k8s.io/client-go/tools/remotecommand"

	"slotkeeper.io/kubectl-slotkeeper/internal/kube"
	"slotkeeper.io/kubectl-slotkeeper/internal/model"
	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

func (t *tool) cli() *cobra.Command {
	var pod string
	var shard int
	command := t.named("cli NAME [-- ARGUMENT...]", "Run redis-cli in the container of a server, logged in", cobra.MinimumNArgs(1),
		func(ctx context.Context, client *kube.Client, name string, arguments []string) error {
			where, err := t.server(ctx, client, name, shard, pod)
			if err != nil {
				return err
			}
			session := len(arguments) == 0
			if where.cluster {
				// So that a key of another shard is found, too.
				arguments = append([]string{"-c"}, arguments...)
			}
			code, err := t.interactive(ctx, client, where, where.place.Cli(arguments...), session)
			if err == nil && code != 0 {
				return exit{code}
			}
			return err
		})
	command.Flags().StringVar(&pod, "pod", "", "the pod of a server or Sentinel; without it, a master")
	command.Flags().IntVar(&shard, "shard", 0, "the shard whose master it is")
	return command
}

// server is a pod to run a command in.
type server struct {
	pod     string
	place   model.Place
	cluster bool
}

// server finds the pod that a user names, else the master of a shard.
func (t *tool) server(ctx context.Context, client *kube.Client, name string, shard int, pod string) (server, error) {
	redis, err := client.Redis(ctx, name)
	if err != nil {
		return server{}, err
	}
	pods, err := client.Pods(ctx, name)
	if err != nil {
		return server{}, err
	}
	if pod == "" {
		if pod, err = master(redis, shard); err != nil {
			return server{}, err
		}
	}
	var names []string
	for _, candidate := range pods {
		place, _ := model.PlaceOf(candidate, name)
		if candidate.Metadata.Name == pod {
			return server{pod, place, redis.Spec.Mode == "Cluster"}, nil
		}
		names = append(names, candidate.Metadata.Name)
	}
	if len(names) == 0 {
		return server{}, kube.Explained{Code: kube.NotFound, What: name + " has no pods", Next: "see why: `kubectl slotkeeper status " + name + "`"}
	}
	return server{}, kube.Explained{Code: kube.NotFound, What: pod + " is no pod of " + name, Next: "there is: " + strings.Join(names, ", ")}
}

// master is the pod that is master of a shard, as the operator last saw.
func master(redis model.Redis, shard int) (string, error) {
	name := redis.Metadata.Name
	wanted := fmt.Sprintf("%s-shard%d", name, shard)
	for _, candidate := range redis.Status.Shards {
		if candidate.Name != wanted {
			continue
		}
		if candidate.Master != "" {
			return candidate.Master, nil
		}
		return "", kube.Explained{Code: kube.NotFound, What: fmt.Sprintf("shard %d of %s has no master now", shard, name),
			Next: "see why: `kubectl slotkeeper status " + name + "`; to ask one server, name its pod with --pod"}
	}
	return "", kube.Explained{Code: kube.NotFound, What: fmt.Sprintf("%s has no shard %d", name, shard), Next: "`kubectl slotkeeper status " + name + "` shows the shards"}
}

// interactive runs a command with the input and output of this program: with a terminal, if it is one and the command
// is a session.
func (t *tool) interactive(ctx context.Context, client *kube.Client, where server, command []string, session bool) (int, error) {
	streams := kube.Streams{Out: t.out, Err: t.err}
	in, isFile := t.in.(*os.File)
	isTerminal := isFile && term.IsTerminal(int(in.Fd()))
	switch {
	case session && isTerminal:
		old, err := term.MakeRaw(int(in.Fd()))
		if err != nil {
			return 0, err
		}
		defer func() { _ = term.Restore(int(in.Fd()), old) }()
		streams.In, streams.TTY, streams.Sizes = in, true, newSizes(ctx, int(in.Fd()))
	case !isTerminal:
		streams.In = t.in
	}
	if streams.TTY || !t.isTerminal() {
		return client.Exec(ctx, where.pod, where.place.Container(), command, streams)
	}
	// Without a terminal of its own, redis-cli prints values of keys as they are.
	out, errs := terminal.NewWriter(t.out), terminal.NewWriter(t.err)
	streams.Out, streams.Err = out, errs
	code, err := client.Exec(ctx, where.pod, where.place.Container(), command, streams)
	return code, errors.Join(err, out.Flush(), errs.Flush())
}

// sizes tells the other side the size of this terminal. It looks now and then: there is no signal for it on every system.
type sizes struct {
	ctx  context.Context
	file int
	last remotecommand.TerminalSize
}

func newSizes(ctx context.Context, file int) *sizes { return &sizes{ctx: ctx, file: file} }

const sizeEvery = 500 * time.Millisecond

// Next waits for another size.
func (s *sizes) Next() *remotecommand.TerminalSize {
	for {
		width, height, err := term.GetSize(s.file)
		if err != nil {
			return nil
		}
		size := remotecommand.TerminalSize{Width: uint16(min(width, 65535)), Height: uint16(min(height, 65535))}
		if size != s.last {
			s.last = size
			return &size
		}
		select {
		case <-s.ctx.Done():
			return nil
		case <-time.After(sizeEvery):
		}
	}
}

func (t *tool) can() *cobra.Command {
	var pod string
	command := t.named("can NAME USER COMMAND [ARGUMENT...]", "Say whether a user of a server may run a command there", cobra.MinimumNArgs(3),
		func(ctx context.Context, client *kube.Client, name string, arguments []string) error {
			where, err := t.server(ctx, client, name, 0, pod)
			if err != nil {
				return err
			}
			if where.place.Sentinel {
				return kube.Explained{Code: kube.Usage, What: where.pod + " is a Sentinel", Next: "name the pod of a server, or none"}
			}
			answer, _, err := client.Run(ctx, where.pod, where.place.Container(), where.place.Cli(append([]string{"acl", "dryrun"}, arguments...)...)...)
			if err != nil {
				return err
			}
			return t.answer(strings.TrimSpace(answer))
		})
	command.Flags().StringVar(&pod, "pod", "", "the pod of the server to ask; without it, the master of shard 0")
	return command
}

// answer prints yes or no, and ends with 0 or 1, as `kubectl auth can-i` does.
func (t *tool) answer(said string) error {
	switch {
	case said == "OK":
		return t.print("yes\n", nil)
	case strings.Contains(said, "has no permissions"):
		if err := t.print("no: "+terminal.Neutral(said)+"\n", nil); err != nil {
			return err
		}
		return exit{1}
	}
	return kube.Explained{Code: kube.Refused, What: "the server cannot say: " + said, Next: "check the user (`kubectl slotkeeper cli NAME -- acl users`) and the command with all its arguments"}
}
