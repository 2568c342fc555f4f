package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// api is a small API server: it has the objects at these paths, and remembers what was asked.
type api struct {
	*httptest.Server
	mutex   sync.Mutex
	objects map[string]string
	refused map[string]int // by path: the status it answers with
	// patchRefused is what it answers to each change, if it is not 0.
	patchRefused int
	asked        []string
	patches      []string
	delay        time.Duration
}

func newAPI(t *testing.T) *api {
	t.Helper()
	a := &api{objects: map[string]string{"/apis/slotkeeper.io/v1alpha1": "{}"}, refused: map[string]int{}}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	path := r.URL.Path
	a.asked = append(a.asked, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Accept"))
	if a.delay > 0 {
		select {
		case <-r.Context().Done():
		case <-time.After(a.delay):
		}
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if code := a.refused[path]; code != 0 {
		answer(w, code, map[int]string{403: "Forbidden", 422: "Invalid", 401: "Unauthorized", 503: "ServiceUnavailable"}[code], fmt.Sprintf("user cannot do this at %s \x1b[31m", path))
		return
	}
	if r.Method == http.MethodPatch {
		body, _ := io.ReadAll(r.Body)
		a.patches = append(a.patches, string(body))
		if a.patchRefused != 0 {
			answer(w, a.patchRefused, "Invalid", "it is invalid")
			return
		}
	}
	object, found := a.objects[path]
	if !found {
		answer(w, 404, "NotFound", path+" not found")
		return
	}
	_, _ = io.WriteString(w, object)
}

func answer(w http.ResponseWriter, code int, reason, message string) {
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": message})
}

const shop = "/apis/slotkeeper.io/v1alpha1/namespaces/demo/redises/shop"

// with has a Redis, with the fields of a spec and a status in JSON.
func (a *api) with(spec, status string) *api {
	redis := fmt.Sprintf(`{"metadata":{"name":"shop","namespace":"demo","uid":"u-1","generation":1,"creationTimestamp":"2026-12-01T11:00:00Z"},
		"spec":{"mode":"Standalone","version":"8.0"%s},"status":{"observedGeneration":1%s}}`, spec, status)
	a.objects[shop] = redis
	a.objects["/apis/slotkeeper.io/v1alpha1/namespaces/demo/redises"] = `{"items":[` + redis + `]}`
	a.objects["/api/v1/namespaces/demo/pods"] = `{"items":[]}`
	a.objects["/api/v1/namespaces/demo/events"] = `{"items":[]}`
	return a
}

// result is how a command line ended.
type result struct {
	code int
	out  string
	err  string
}

// run runs a command line against the API server.
func (a *api) run(t *testing.T, arguments ...string) result {
	t.Helper()
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"c","clusters":[{"name":"c","cluster":{"server":%q}}],
		"contexts":[{"name":"c","context":{"cluster":"c","namespace":"demo"}}]}`, a.URL)
	if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return run(append([]string{"--kubeconfig", kubeconfig}, arguments...)...)
}

func run(arguments ...string) result {
	var out, errs bytes.Buffer
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	t := &tool{in: strings.NewReader(""), out: &out, err: &errs, now: func() time.Time { return now }}
	code := t.run(context.Background(), arguments)
	return result{code, out.String(), errs.String()}
}
