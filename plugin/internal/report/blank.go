// Package report collects what is needed to look into a problem elsewhere, with everything blanked that may be secret.
package report

import "strings"

const blank = "BLANKED"

// harmless are the variables that the operator sets.
var harmless = map[string]bool{"PATH": true, "POD_IP": true, "SLOTKEEPER_GRACE_SECONDS": true}

// keptAnnotations of others tell where a problem comes from; all other annotations of others may have anything in them.
var keptPrefixes = []string{"slotkeeper.io/", "helm.sh/", "meta.helm.sh/", "argocd.argoproj.io/sync-", "pv.kubernetes.io/", "volume.kubernetes.io/"}

// Blanked changes an object: data of a Secret, values of environment variables that users set, foreign annotations and
// managedFields go. It works on any kind, also on the fields of a kind that it does not know.
func Blanked(object map[string]any) map[string]any {
	if object["kind"] == "Secret" || object["kind"] == "PartialObjectMetadata" {
		for _, field := range []string{"data", "stringData"} {
			for key := range mapOf(object[field]) {
				mapOf(object[field])[key] = blank
			}
		}
	}
	walk(object)
	return object
}

func walk(value any) {
	switch typed := value.(type) {
	case []any:
		for _, item := range typed {
			walk(item)
		}
	case map[string]any:
		if metadata := mapOf(typed["metadata"]); metadata != nil {
			delete(metadata, "managedFields")
			annotations(mapOf(metadata["annotations"]))
		}
		environment(typed["env"])
		for _, item := range typed {
			walk(item)
		}
	}
}

func annotations(all map[string]any) {
	for key := range all {
		if !kept(key) {
			all[key] = blank
		}
	}
}

func kept(annotation string) bool {
	for _, prefix := range keptPrefixes {
		if strings.HasPrefix(annotation, prefix) {
			return true
		}
	}
	return false
}

func environment(value any) {
	list, _ := value.([]any)
	for _, item := range list {
		variable := mapOf(item)
		name, _ := variable["name"].(string)
		if _, set := variable["value"]; set && !harmless[name] {
			variable["value"] = blank
		}
	}
}

func mapOf(value any) map[string]any {
	typed, _ := value.(map[string]any)
	return typed
}
