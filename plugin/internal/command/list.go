package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"slotkeeper.io/kubectl-slotkeeper/internal/screen"
)

func (t *tool) list() *cobra.Command {
	var all bool
	var output string
	command := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List every Redis, those that need you first",
		Args:    described("list [-A]", cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := oneOf("-o", output, "", "json"); err != nil {
				return err
			}
			client, err := t.client()
			if err != nil {
				return err
			}
			namespace := client.Namespace
			if all {
				namespace = ""
			}
			found, err := client.Redises(c.Context(), namespace)
			if err != nil {
				return err
			}
			lines := screen.List(found, t.now())
			switch {
			case output == "json":
				return t.print(asJSON(lines))
			case len(lines) == 0 && all:
				fmt.Fprintln(t.err, "There is no Redis in this cluster.")
				return nil
			case len(lines) == 0:
				fmt.Fprintf(t.err, "There is no Redis in namespace %s; -A lists those of all namespaces.\n", namespace)
				return nil
			}
			return t.print(screen.RenderList(lines, all, t.now(), t.style()), nil)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	command.Flags().BoolVarP(&all, "all-namespaces", "A", false, "of all namespaces")
	command.Flags().StringVarP(&output, "output", "o", "", "json, for scripts")
	return command
}
