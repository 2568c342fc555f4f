package kube

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/util/exec"
	"k8s.io/streaming/pkg/httpstream"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
)

const (
	// A server answers INFO in a millisecond; the rest is the kubelet, which starts a process.
	answerTime = 10 * time.Second
	atOnce     = 16
	// No answer of a server is longer: one that is does not speak the truth.
	mostOutput = 4 << 20
)

// Streams are those of a command in a pod.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	TTY      bool
	Sizes    remotecommand.TerminalSizeQueue
}

// Exec runs a command in a container until it ends, or the context does. The exit code is that of the command.
func (c *Client) Exec(ctx context.Context, pod, container string, command []string, streams Streams) (int, error) {
	path := core(c.Namespace, "pods", pod, "exec").with("container", container)
	path.query["command"] = command
	for name, on := range map[string]bool{"stdin": streams.In != nil, "stdout": true, "stderr": !streams.TTY, "tty": streams.TTY} {
		if on {
			path.query.Set(name, "true")
		}
	}
	request, err := path.request(c.api.Get())
	if err != nil {
		return 0, err
	}
	target := request.URL()
	sockets, err := remotecommand.NewWebSocketExecutor(c.config, "GET", target.String())
	if err != nil {
		return 0, explain(err)
	}
	spdy, err := remotecommand.NewSPDYExecutor(c.config, "POST", target)
	if err != nil {
		return 0, explain(err)
	}
	// API servers before 1.31, and some proxies, know the older protocol only. It is a POST: where a role grants only
	// `create` of pods/exec and not `get`, it is the one that is allowed.
	executor, err := remotecommand.NewFallbackExecutor(sockets, spdy, func(err error) bool {
		return httpstream.IsUpgradeFailure(err) || httpstream.IsHTTPSProxyError(err)
	})
	if err != nil {
		return 0, explain(err)
	}
	options := remotecommand.StreamOptions{Stdin: streams.In, Stdout: streams.Out, Stderr: streams.Err, Tty: streams.TTY, TerminalSizeQueue: streams.Sizes}
	if streams.TTY {
		options.Stderr = nil
	}
	err = executor.StreamWithContext(ctx, options)
	if status := (exec.CodeExitError{}); errors.As(err, &status) {
		return status.Code, nil
	}
	return 0, explainExec(err)
}

// explainExec finds the answer of the API server inside the error of an upgrade.
func explainExec(err error) error {
	if err == nil {
		return nil
	}
	switch text := err.Error(); {
	case strings.Contains(text, "container not found"), strings.Contains(text, "not found in pod"):
		return Explained{Other, "the container does not run: " + text, "see why: `kubectl slotkeeper status NAME`"}
	case strings.Contains(text, "cannot create resource \"pods/exec\""), strings.Contains(text, "cannot get resource \"pods/exec\""):
		return Explained{Forbidden, "you do not have the right: " + text, "ask for the rights that docs/kubectl-plugin.md lists for this command"}
	}
	var upgrade *httpstream.UpgradeFailureError
	if errors.As(err, &upgrade) {
		return explain(upgrade.Cause)
	}
	return explain(err)
}

// Run runs a command in the container of a pod's server, and returns what it printed. It has a deadline.
func (c *Client) Run(ctx context.Context, pod, container string, command ...string) (string, int, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var out, errs limited
	code, err := c.Exec(ctx, pod, container, command, Streams{Out: &out, Err: &errs})
	if err == nil && code != 0 && out.Len() == 0 {
		return errs.String(), code, nil
	}
	return out.String(), code, err
}

// limited keeps the beginning of what is written, and drops the rest.
type limited struct{ bytes.Buffer }

func (l *limited) Write(text []byte) (int, error) {
	l.Buffer.Write(text[:min(len(text), mostOutput-l.Len())])
	return len(text), nil
}

// Ask asks every server and Sentinel that runs for INFO, in parallel.
//
// It returns the answers, the reasons of those that did not answer, and an error if a user may ask none.
func (c *Client) Ask(ctx context.Context, pods []model.Pod) (map[string]model.Info, map[string]string, error) {
	answers, silent := map[string]model.Info{}, map[string]string{}
	var forbidden error
	var mutex sync.Mutex
	var group sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, pod := range pods {
		place, _ := model.PlaceOf(pod, pod.Metadata.Labels[model.RedisLabel])
		status, reported := pod.Container(place.Container())
		if !reported || status.State.Running == nil || pod.Metadata.DeletionTimestamp != nil {
			continue
		}
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			name := pod.Metadata.Name
			text, code, err := c.Run(ctx, name, place.Container(), place.Cli("info")...)
			info := model.ParseInfo(text)
			mutex.Lock()
			defer mutex.Unlock()
			switch {
			case errors.Is(err, Kind(Forbidden)):
				forbidden = err
			case err != nil:
				silent[name] = strings.SplitN(err.Error(), "\n", 2)[0]
			case code != 0 || info.Version() == "":
				silent[name] = firstLine(text)
			default:
				answers[name] = info
			}
		})
	}
	group.Wait()
	return answers, silent, forbidden
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line == "" {
		return "it printed nothing"
	}
	return line
}
