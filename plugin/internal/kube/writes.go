package kube

import (
	"context"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
)

// Change changes a Redis by a merge patch: the API server checks the rights, and the audit log has it. The uid makes sure
// that it is the object that was read, and not another of its name.
func (c *Client) Change(ctx context.Context, redis model.Redis, patch map[string]any, dryRun bool) error {
	metadata, _ := patch["metadata"].(map[string]any)
	if metadata == nil {
		metadata = map[string]any{}
	}
	metadata["uid"] = redis.Metadata.UID
	patch["metadata"] = metadata
	path := redises(c.Namespace, redis.Metadata.Name)
	if dryRun {
		path = path.with("dryRun", "All")
	}
	_, err := c.merge(ctx, path, patch)
	return err
}
