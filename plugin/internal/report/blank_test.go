package report

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestNothingThatMayBeSecretStays(t *testing.T) {
	for _, text := range []string{
		`{"kind":"Secret","data":{"password":"HIDDEN"},"stringData":{"a":"HIDDEN"}}`,
		`{"kind":"PodList","items":[{"spec":{"containers":[{"env":[{"name":"TOKEN","value":"HIDDEN"}]}]}}]}`,
		`{"spec":{"template":{"spec":{"initContainers":[{"env":[{"name":"X","value":"HIDDEN"}]}]}}}}`,
		`{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"HIDDEN"},"managedFields":["HIDDEN"]}}`,
		`{"items":[{"metadata":{"annotations":{"theirs":"HIDDEN"}}}]}`,
	} {
		if blanked := blankedText(t, text); strings.Contains(blanked, "HIDDEN") {
			t.Error(blanked)
		}
	}
}

func TestWhatIsNeededStays(t *testing.T) {
	text := `{"kind":"Redis","metadata":{"annotations":{"slotkeeper.io/rebalance":"KEPT"},"name":"KEPT"},` +
		`"spec":{"config":{"maxmemory":"KEPT"},"env":[{"name":"PATH","value":"KEPT"},{"name":"KEPT","valueFrom":{"fieldRef":{"fieldPath":"KEPT"}}}]}}`
	if blanked := blankedText(t, text); strings.Count(blanked, "KEPT") != strings.Count(text, "KEPT") {
		t.Error(blanked)
	}
}

func blankedText(t *testing.T, text string) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	blanked, err := json.Marshal(Blanked(object))
	if err != nil {
		t.Fatal(err)
	}
	return string(blanked)
}
