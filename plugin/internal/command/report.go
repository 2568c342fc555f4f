package command

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"slotkeeper.io/kubectl-slotkeeper/internal/kube"
	"slotkeeper.io/kubectl-slotkeeper/internal/report"
)

func (t *tool) report() *cobra.Command {
	var file string
	command := t.named("report NAME", "Collect objects, events and logs of a Redis in a file, without secrets", cobra.ExactArgs(1),
		func(ctx context.Context, client *kube.Client, name string, _ []string) error {
			redis, err := client.Redis(ctx, name)
			if err != nil {
				return err
			}
			base := fmt.Sprintf("slotkeeper-%s-%s-%s", client.Namespace, name, t.now().UTC().Format("20060102T150405Z"))
			if file == "" {
				file = base + ".tar.gz"
			}
			// Not over another file, and for the eyes of its owner: logs name clients and keys.
			out, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if err != nil {
				return kube.Explained{Code: kube.Other, What: "the file cannot be written: " + err.Error(), Next: "name another with -f"}
			}
			archive := report.NewArchive(out, base, t.now())
			err = errors.Join(client.Collect(ctx, redis, archive.Add), archive.Close(), out.Close(), ctx.Err())
			if err != nil {
				_ = os.Remove(file)
				return kube.Explained{Code: kube.Other, What: "the report was not finished: " + err.Error(), Next: "try again, or name another file with -f"}
			}
			return t.print(file+"\nLook through it before you give it away: logs may name clients, and keys. errors.txt in it says what could not be read.\n", nil)
		})
	command.Flags().StringVarP(&file, "file", "f", "", "the file to write, a tar.gz")
	return command
}
