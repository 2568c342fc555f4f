package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"slotkeeper.io/kubectl-slotkeeper/internal/kube"
	"slotkeeper.io/kubectl-slotkeeper/internal/screen"
	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

const refresh = 2 * time.Second

func (t *tool) status() *cobra.Command {
	var output string
	var watch, live bool
	var must func() bool
	command := t.named("status NAME", "Show on one screen whether a Redis is well", cobra.ExactArgs(1),
		func(ctx context.Context, client *kube.Client, name string, _ []string) error {
			if err := oneOf("-o", output, "", "json"); err != nil {
				return err
			}
			show := func() (string, error) {
				seen, err := client.Observe(ctx, name, live, must())
				if err != nil {
					return "", err
				}
				seen.Now = t.now()
				status := screen.Build(seen)
				if output == "json" {
					return asJSON(status)
				}
				return status.Render(t.style()), nil
			}
			if watch {
				return t.repeat(ctx, output != "json", show)
			}
			return t.print(show())
		})
	command.Flags().StringVarP(&output, "output", "o", "", "json, for scripts")
	command.Flags().BoolVarP(&watch, "watch", "w", false, "show it again every 2 seconds")
	command.Flags().BoolVar(&live, "live", true, "ask the servers themselves, by exec; if given, it is an error that you may not")
	must = func() bool { return command.Flags().Changed("live") && live }
	return command
}

func oneOf(flag, value string, allowed ...string) error {
	for _, one := range allowed {
		if value == one {
			return nil
		}
	}
	return kube.Explained{Code: kube.Usage, What: fmt.Sprintf("%s cannot be \"%s\"", flag, value), Next: "it can be: " + allowed[len(allowed)-1]}
}

func asJSON(value any) (string, error) {
	text, err := json.MarshalIndent(value, "", "  ")
	return string(terminal.JSON(text)) + "\n", err
}

func (t *tool) print(text string, err error) error {
	if err != nil {
		return err
	}
	_, err = io.WriteString(t.out, text)
	return err
}

// repeat shows a screen again and again, until ^C. A failure after the first time is shown in its place: what is
// watched may be gone for a moment.
func (t *tool) repeat(ctx context.Context, clear bool, show func() (string, error)) error {
	ticks := time.NewTicker(refresh)
	defer ticks.Stop()
	clear = clear && t.style().Colours
	for first := true; ; first = false {
		text, err := show()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && first:
			return err
		case err != nil:
			text = "error: " + terminal.NeutralLines(err.Error()) + "\n"
		}
		if clear {
			text = "\x1b[H\x1b[2J\x1b[3J" + text
		} else if !first {
			text = "\n" + text
		}
		if err := t.print(text, nil); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
	}
}
