package kube

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
	"slotkeeper.io/kubectl-slotkeeper/internal/screen"
)

// Redis reads one, and says what there is instead if there is none.
func (c *Client) Redis(ctx context.Context, name string) (model.Redis, error) {
	redis, err := read[model.Redis](ctx, c, redises(c.Namespace, name))
	if !errors.Is(err, Kind(NotFound)) {
		return redis, err
	}
	if err := c.checkInstalled(ctx); err != nil {
		return redis, err
	}
	what := fmt.Sprintf("there is no Redis %s in namespace %s", name, c.Namespace)
	others, err := c.Redises(ctx, c.Namespace)
	if err != nil || len(others) == 0 {
		return redis, Explained{NotFound, what, "give the namespace with -n; `kubectl slotkeeper list -A` lists all"}
	}
	var names []string
	for _, other := range others {
		names = append(names, other.Metadata.Name)
	}
	return redis, Explained{NotFound, what, "there is: " + strings.Join(names, ", ") + "; give another namespace with -n"}
}

// Redises lists those of a namespace; of all for the empty text.
func (c *Client) Redises(ctx context.Context, namespace string) ([]model.Redis, error) {
	path := redises(namespace)
	if namespace == "" {
		path = Path{segments: []string{"apis", model.Group, "v1alpha1", "redises"}}
	}
	found, err := readList[model.Redis](ctx, c, path)
	if errors.Is(err, Kind(NotFound)) {
		if err := c.checkInstalled(ctx); err != nil {
			return nil, err
		}
	}
	return found, err
}

// checkInstalled tells a missing object from a missing kind: the API server says "not found" of both.
func (c *Client) checkInstalled(ctx context.Context) error {
	_, err := c.Get(ctx, Path{segments: []string{"apis", model.Group, "v1alpha1"}})
	if errors.Is(err, Kind(NotFound)) {
		return Explained{NotInstalled, "this cluster does not know the kind Redis: Slotkeeper is not installed",
			"install it as docs/install.md says, or choose another --context"}
	}
	return nil
}

// Pods are those that prove to belong to a Redis.
func (c *Client) Pods(ctx context.Context, redis string) ([]model.Pod, error) {
	all, err := readList[model.Pod](ctx, c, core(c.Namespace, "pods").with("labelSelector", model.RedisLabel+"="+redis))
	if err != nil {
		return nil, err
	}
	var ours []model.Pod
	for _, pod := range all {
		if _, proven := model.PlaceOf(pod, redis); proven {
			ours = append(ours, pod)
		}
	}
	return ours, nil
}

// Events are those of a Redis.
func (c *Client) Events(ctx context.Context, redis model.Redis) ([]model.Event, error) {
	selector := "involvedObject.kind=Redis,involvedObject.name=" + redis.Metadata.Name
	if redis.Metadata.UID != "" {
		selector += ",involvedObject.uid=" + redis.Metadata.UID
	}
	return readList[model.Event](ctx, c, core(c.Namespace, "events").with("fieldSelector", selector))
}

// SecretMetadata is that of a Secret, without its data.
func (c *Client) SecretMetadata(ctx context.Context, name string) (model.Meta, error) {
	body, err := c.GetMetadata(ctx, core(c.Namespace, "secrets", name))
	if err != nil {
		return model.Meta{}, err
	}
	object, err := decode[struct {
		Metadata model.Meta `json:"metadata"`
	}](body)
	return object.Metadata, err
}

// Password reads the password that servers accept from the binding.
func (c *Client) Password(ctx context.Context, secret string) (string, error) {
	object, err := read[struct {
		Data map[string][]byte `json:"data"`
	}](ctx, c, core(c.Namespace, "secrets", secret))
	return string(object.Data["password"]), err
}

// Observe reads everything for a screen. What may not be read becomes a note, and the rest is shown.
//
// live asks the servers themselves. If must is set, it is an error that this is not allowed.
func (c *Client) Observe(ctx context.Context, name string, live, must bool) (screen.Observation, error) {
	var seen screen.Observation
	redis, err := c.Redis(ctx, name)
	if err != nil {
		return seen, err
	}
	seen.Redis = redis
	note := func(what string, err error) error {
		if errors.Is(err, Kind(Forbidden)) {
			seen.Notes = append(seen.Notes, what)
			return nil
		}
		return err
	}
	var pods, events, secret = make(chan error, 1), make(chan error, 1), make(chan error, 1)
	go func() { var err error; seen.Pods, err = c.Pods(ctx, name); pods <- err }()
	go func() { var err error; seen.Events, err = c.Events(ctx, redis); events <- err }()
	go func() {
		meta, err := c.SecretMetadata(ctx, name+"-server")
		if err == nil {
			seen.Secret = &meta
		}
		secret <- err
	}()
	podsErr, eventsErr, secretErr := <-pods, <-events, <-secret
	if err := note("you may not list pods here, so servers are missing from this screen", podsErr); err != nil {
		return seen, err
	}
	if err := note("you may not list events here", eventsErr); err != nil {
		return seen, err
	}
	// Its age is worth a line, and no more: neither a missing right nor a missing Secret is worth a note.
	if secretErr != nil && !errors.Is(secretErr, Kind(Forbidden)) && !errors.Is(secretErr, Kind(NotFound)) {
		return seen, secretErr
	}
	if !live {
		return seen, nil
	}
	var forbidden error
	seen.Info, seen.Silent, forbidden = c.Ask(ctx, seen.Pods)
	if forbidden != nil {
		if must {
			return seen, forbidden
		}
		seen.Notes = append(seen.Notes, "you may not exec into pods here, so this is what the operator last saw, without what the servers say themselves")
	}
	return seen, nil
}
