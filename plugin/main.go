// kubectl-slotkeeper is a plugin for kubectl, which runs it as `kubectl slotkeeper`.
package main

import (
	"os"

	"slotkeeper.io/kubectl-slotkeeper/internal/command"
)

// Set by the build.
var version = "dev"

func main() { os.Exit(command.Main(version, os.Args[1:])) }
