// Package command has the commands of the plugin.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"k8s.io/klog/v2"

	"slotkeeper.io/kubectl-slotkeeper/internal/kube"
	"slotkeeper.io/kubectl-slotkeeper/internal/model"
	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

// tool is what all commands share.
type tool struct {
	options kube.Options
	in      io.Reader
	out     io.Writer
	err     io.Writer
	now     func() time.Time
}

// exit ends the program with the code of another: the message has been printed.
type exit struct{ code int }

func (e exit) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// Main runs a command line, and returns the exit code.
func Main(version string, arguments []string) int {
	// The libraries log what the errors already say.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	t := &tool{options: kube.Options{Version: version}, in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now}
	return t.run(ctx, arguments)
}

func (t *tool) run(ctx context.Context, arguments []string) int {
	root := t.root()
	root.SetArgs(arguments)
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	return t.exitCode(ctx, root.ExecuteContext(ctx))
}

// exitCode prints an error with what to do, and returns its exit code.
func (t *tool) exitCode(ctx context.Context, err error) int {
	var ended exit
	var explained kube.Explained
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.code
	case ctx.Err() != nil:
		return 130 // as a shell says of a program that ^C ended
	case errors.As(err, &explained):
		fmt.Fprintf(t.err, "error: %s\n%s\n", terminal.Neutral(explained.What), terminal.Neutral(explained.Next))
		return int(explained.Code)
	}
	fmt.Fprintf(t.err, "error: %s\nsee `kubectl slotkeeper --help`\n", terminal.Neutral(err.Error()))
	return int(kube.Usage)
}

func (t *tool) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "kubectl-slotkeeper",
		Short:         "Look after the Redis and Valkey that Slotkeeper runs",
		Long:          "Look after the Redis and Valkey that Slotkeeper runs.\n\nEach command can also be done by kubectl alone; docs/kubectl-plugin.md says how, and which rights it needs.",
		Version:       t.options.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl slotkeeper"},
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	flags := root.PersistentFlags()
	overrides := &t.options.Overrides
	flags.StringVar(&t.options.Kubeconfig, "kubeconfig", "", "the kubeconfig file")
	flags.StringVar(&overrides.CurrentContext, "context", "", "the context of the kubeconfig")
	flags.StringVar(&overrides.Context.Cluster, "cluster", "", "the cluster of the kubeconfig")
	flags.StringVar(&overrides.Context.AuthInfo, "user", "", "the user of the kubeconfig")
	flags.StringVarP(&overrides.Context.Namespace, "namespace", "n", "", "the namespace")
	flags.StringVar(&overrides.AuthInfo.Impersonate, "as", "", "the user to act as")
	flags.StringArrayVar(&overrides.AuthInfo.ImpersonateGroups, "as-group", nil, "a group to act as")
	flags.DurationVar(&t.options.Timeout, "request-timeout", 10*time.Second, "how long one request may take")
	root.AddCommand(t.status(), t.list(), t.slots(), t.connect(), t.wait(), t.cli(), t.can(), t.rotate(), t.restart(), t.halt(), t.resume(), t.report())
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if t.options.Timeout <= 0 {
			return kube.Explained{Code: kube.Usage, What: "--request-timeout must be more than 0", Next: "leave it out for 10s"}
		}
		return nil
	}
	return root
}

func (t *tool) client() (*kube.Client, error) { return kube.New(t.options, t.err) }

// named is for commands whose first argument is the name of a Redis, and completes it.
func (t *tool) named(use, short string, arguments cobra.PositionalArgs, run func(context.Context, *kube.Client, string, []string) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  described(use, arguments),
		RunE: func(c *cobra.Command, given []string) error {
			name, err := redisName(given[0])
			if err != nil {
				return err
			}
			client, err := t.client()
			if err != nil {
				return err
			}
			return run(c.Context(), client, name, given[1:])
		},
		ValidArgsFunction: t.completeName,
	}
}

func described(use string, check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if err := check(c, given); err != nil {
			return kube.Explained{Code: kube.Usage, What: "these are not the arguments of the command: " + err.Error(), Next: "usage: kubectl slotkeeper " + use}
		}
		return nil
	}
}

// redisName takes a name as kubectl does: alone, or after the kind.
func redisName(text string) (string, error) {
	name := text
	if kind, rest, found := strings.Cut(text, "/"); found {
		switch kind {
		case "rd", "redis", "redises", "redis.slotkeeper.io", "redises.slotkeeper.io":
			name = rest
		default:
			return "", kube.Explained{Code: kube.Usage, What: "\"" + text + "\" is not a Redis", Next: "give the name of a Redis, such as shop or rd/shop"}
		}
	}
	if !model.ValidName(name) {
		return "", kube.Explained{Code: kube.Usage, What: "no Redis can have the name \"" + name + "\"", Next: "a name has at most 40 lower-case letters, digits and '-'; `kubectl slotkeeper list` shows the names"}
	}
	return name, nil
}

// completeName completes the name of a Redis. It is asked at each press of a key, so it gives up soon, and silently.
func (t *tool) completeName(c *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(given) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	t.options.Timeout = 2 * time.Second
	client, err := t.client()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	found, err := client.Redises(c.Context(), client.Namespace)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, redis := range found {
		if model.ValidName(redis.Metadata.Name) {
			names = append(names, redis.Metadata.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// isTerminal says whether a person reads the output.
func (t *tool) isTerminal() bool {
	file, isFile := t.out.(*os.File)
	return isFile && term.IsTerminal(int(file.Fd()))
}

// style is that of the output: colours and the width of a terminal, if it is one.
func (t *tool) style() terminal.Style {
	width := 100
	if !t.isTerminal() {
		return terminal.Style{Width: width}
	}
	if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && columns > 0 {
		width = columns
	}
	colours := os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return terminal.Style{Colours: colours, Width: width}
}
