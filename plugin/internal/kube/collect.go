package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
	"slotkeeper.io/kubectl-slotkeeper/internal/report"
	"slotkeeper.io/kubectl-slotkeeper/internal/screen"
)

// Collector gets each file of a report.
type Collector func(name string, content []byte) error

const (
	logBytes  = 2 << 20
	logLines  = 20000
	operators = screen.OperatorLabels
)

// objects are the kinds of which a report has all that carry the label of a Redis. Secrets are not among them.
func objects(namespace string) map[string]Path {
	return map[string]Path{
		"pods":                 core(namespace, "pods"),
		"services":             core(namespace, "services"),
		"configmaps":           core(namespace, "configmaps"),
		"claims":               core(namespace, "persistentvolumeclaims"),
		"statefulsets":         group("apps", "v1", namespace, "statefulsets"),
		"controllerrevisions":  group("apps", "v1", namespace, "controllerrevisions"),
		"poddisruptionbudgets": group("policy", "v1", namespace, "poddisruptionbudgets"),
		"networkpolicies":      group("networking.k8s.io", "v1", namespace, "networkpolicies"),
		"endpointslices":       group("discovery.k8s.io", "v1", namespace, "endpointslices"),
	}
}

// collection is a report that is being made. What cannot be read is noted, and the rest goes on.
type collection struct {
	client *Client
	add    Collector
	errors []string
}

// Collect makes a report. The error is one of writing it, or that there is no such Redis.
func (c *Client) Collect(ctx context.Context, redis model.Redis, add Collector) error {
	run := &collection{client: c, add: add}
	name, namespace := redis.Metadata.Name, c.Namespace
	var problems []error
	note := func(err error) { problems = append(problems, err) }
	note(run.object(ctx, "redis.json", redises(namespace, name)))
	note(run.object(ctx, "redisversion.json", Path{segments: []string{"apis", model.Group, "v1alpha1", "redisversions", redis.Spec.Version}}))
	for kind, path := range objects(namespace) {
		note(run.object(ctx, kind+".json", path.with("labelSelector", model.RedisLabel+"="+name)))
	}
	note(run.object(ctx, "events.json", core(namespace, "events")))
	for _, secret := range secrets(redis) {
		note(run.metadata(ctx, "secret-"+secret+".json", core(namespace, "secrets", secret)))
	}
	note(run.servers(ctx, name))
	note(run.operator(ctx))
	text := strings.Join(run.errors, "\n")
	if text == "" {
		text = "everything could be read"
	}
	note(add("errors.txt", []byte(text+"\n")))
	return errors.Join(problems...)
}

func secrets(redis model.Redis) []string {
	name := redis.Metadata.Name
	list := []string{name + "-server", name + "-binding"}
	if redis.Spec.Auth.SecretRef != nil {
		return append(list, redis.Spec.Auth.SecretRef.Name)
	}
	return append(list, name+"-auth")
}

func (r *collection) object(ctx context.Context, file string, path Path) error {
	body, err := r.client.Get(ctx, path)
	return r.blanked(file, body, err)
}

// metadata is for Secrets: their data does not even leave the API server.
func (r *collection) metadata(ctx context.Context, file string, path Path) error {
	body, err := r.client.GetMetadata(ctx, path)
	return r.blanked(file, body, err)
}

func (r *collection) blanked(file string, body []byte, err error) error {
	if err != nil {
		r.failed(file, err)
		return nil
	}
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		r.failed(file, err)
		return nil
	}
	text, err := json.MarshalIndent(report.Blanked(object), "", "  ")
	if err != nil {
		return err
	}
	return r.add(file, text)
}

func (r *collection) failed(what string, err error) {
	r.errors = append(r.errors, what+": "+strings.ReplaceAll(err.Error(), "\n", "; "))
}

// servers has the logs of all containers, and what the servers say.
func (r *collection) servers(ctx context.Context, redis string) error {
	pods, err := r.client.Pods(ctx, redis)
	if err != nil {
		r.failed("pods", err)
		return nil
	}
	var problems []error
	for _, pod := range pods {
		problems = append(problems, r.logs(ctx, r.client.Namespace, pod, "logs"))
	}
	answers, silent, forbidden := r.client.Ask(ctx, pods)
	if forbidden != nil {
		r.failed("servers", forbidden)
	}
	for pod, reason := range silent {
		r.failed("servers/"+pod, errors.New(reason))
	}
	for pod, info := range answers {
		var text strings.Builder
		for _, key := range info.Names() {
			fmt.Fprintf(&text, "%s:%s\n", key, info[key])
		}
		problems = append(problems, r.add("servers/"+pod+".info.txt", []byte(text.String())))
		if info["cluster_enabled"] == "1" {
			nodes, _, err := r.client.Run(ctx, pod, model.ServerContainer, "redis-cli", "cluster", "nodes")
			if err != nil {
				r.failed("servers/"+pod+".nodes.txt", err)
				continue
			}
			problems = append(problems, r.add("servers/"+pod+".nodes.txt", []byte(nodes)))
		}
	}
	return errors.Join(problems...)
}

// operator has the logs of the operator, where they may be read: it is in a namespace of its own.
func (r *collection) operator(ctx context.Context) error {
	pods, err := readList[model.Pod](ctx, r.client, Path{segments: []string{"api", "v1", "pods"}}.with("labelSelector", operators))
	if err != nil {
		r.failed("operator", err)
		return nil
	}
	if len(pods) == 0 {
		r.errors = append(r.errors, "operator: there is no pod with the labels "+operators)
	}
	var problems []error
	for _, pod := range pods {
		problems = append(problems, r.logs(ctx, pod.Metadata.Namespace, pod, "operator"))
	}
	return errors.Join(problems...)
}

func (r *collection) logs(ctx context.Context, namespace string, pod model.Pod, directory string) error {
	var problems []error
	for _, container := range pod.Status.ContainerStatuses {
		path := core(namespace, "pods", pod.Metadata.Name, "log").with("container", container.Name).with("timestamps", "true").
			with("tailLines", strconv.Itoa(logLines)).with("limitBytes", strconv.Itoa(logBytes))
		base := directory + "/" + pod.Metadata.Name + "." + container.Name
		problems = append(problems, r.log(ctx, base+".log", path))
		if container.RestartCount > 0 {
			problems = append(problems, r.log(ctx, base+".previous.log", path.with("previous", "true")))
		}
	}
	return errors.Join(problems...)
}

func (r *collection) log(ctx context.Context, file string, path Path) error {
	// Any: the answer is a text.
	body, err := r.client.get(ctx, path, "*/*")
	if err != nil {
		r.failed(file, err)
		return nil
	}
	return r.add(file, body)
}
