package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const ready = `,"phase":"Running","conditions":[{"type":"Ready","status":"True","reason":"PrimaryServes"},
	{"type":"Progressing","status":"False","reason":"Complete"},{"type":"Degraded","status":"False","reason":"AsExpected"},
	{"type":"ConfigurationApplied","status":"True","reason":"Applied"}]`

func TestEachFailureHasItsCodeAndSaysWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		prepare   func(*api)
		arguments string
		code      int
		said      []string
	}{
		"another name": {nil, "status other", 3, []string{"there is no Redis other in namespace demo", "there is: shop", "-n"}},
		"none at all": {func(a *api) {
			a.objects["/apis/slotkeeper.io/v1alpha1/namespaces/demo/redises"] = `{"items":[]}`
			delete(a.objects, shop)
		},
			"status shop", 3, []string{"there is no Redis shop", "list -A"}},
		"not installed":     {func(a *api) { clear(a.objects) }, "status shop", 6, []string{"Slotkeeper is not installed", "docs/install.md"}},
		"not installed, -A": {func(a *api) { clear(a.objects) }, "list -A", 6, []string{"Slotkeeper is not installed"}},
		"no right":          {func(a *api) { a.refused[shop] = 403 }, "status shop", 4, []string{"you do not have the right", `\u001b[31m`, "docs/kubectl-plugin.md"}},
		"no login":          {func(a *api) { a.refused[shop] = 401 }, "status shop", 4, []string{"does not accept your login", "log in again"}},
		"busy":              {func(a *api) { a.refused[shop] = 503 }, "status shop", 5, []string{"try again"}},
		"silent":            {func(a *api) { a.delay = 1 << 40 }, "status shop --request-timeout 100ms", 5, []string{"did not answer in time", "--request-timeout"}},
		"unreachable":       {func(a *api) { a.Close() }, "status shop", 5, []string{"cannot be reached", "context"}},
		"no JSON":           {func(a *api) { a.objects[shop] = "<html>" }, "status shop", 5, []string{"no JSON", "proxy"}},
		"no name":           {nil, "status", 2, []string{"usage: kubectl slotkeeper status NAME"}},
		"bad name":          {nil, "status ..", 2, []string{"no Redis can have the name"}},
		"another kind":      {nil, "status secret/shop", 2, []string{"is not a Redis", "rd/shop"}},
		"bad namespace":     {nil, "-n ../x status shop", 2, []string{"no name"}},
		"bad output":        {nil, "status shop -o xml", 2, []string{"cannot be", "json"}},
		"bad timeout":       {nil, "--request-timeout -1s list", 2, []string{"more than 0"}},
		"bad flag":          {nil, "status shop --flag", 2, []string{"--flag", "--help"}},
		"bad command":       {nil, "statu shop", 2, []string{"statu", "--help"}},
		"bad goal":          {nil, "wait shop --for Luck", 2, []string{"Complete, Deleted, Halted, Ready"}},
		"not reached":       {nil, "wait shop --timeout 50ms", 8, []string{"shop is not Ready after 50ms", "status shop"}},
		"no slots":          {nil, "slots shop", 7, []string{"its mode is Standalone"}},
		"no shard":          {nil, "cli shop -- ping", 3, []string{"has no shard 0"}},
		"no pod":            {nil, "cli shop --pod x -- ping", 3, []string{"shop has no pods"}},
		"no password":       {func(a *api) { a.with(`,"auth":{"disabled":true}`, "") }, "rotate shop", 7, []string{"shop has no password"}},
		"my password":       {func(a *api) { a.with(`,"auth":{"secretRef":{"name":"mine"}}`, "") }, "rotate shop", 7, []string{"Secret mine", "docs/security.md"}},
		"halted":            {func(a *api) { a.with(`,"halted":true`, "") }, "restart shop", 7, []string{"resume shop"}},
		"invalid":           {func(a *api) { a.patchRefused = 422 }, "halt shop", 7, []string{"refuses it"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := newAPI(t).with("", "")
			if c.prepare != nil {
				c.prepare(server)
			}
			ended := server.run(t, strings.Fields(c.arguments)...)
			if ended.code != c.code {
				t.Errorf("exit code %d, not %d", ended.code, c.code)
			}
			for _, text := range c.said {
				if !strings.Contains(ended.err, text) {
					t.Errorf("%q is not in: %s", text, ended.err)
				}
			}
			if ended.out != "" || strings.Contains(ended.err, "\x1b") || strings.Count(ended.err, "\n") < 2 {
				t.Errorf("out %q, err %q", ended.out, ended.err)
			}
		})
	}
}

func TestWithoutAKubeconfig(t *testing.T) {
	ended := run("--kubeconfig", filepath.Join(t.TempDir(), "none"), "list")
	if ended.code != 5 || !strings.Contains(ended.err, "KUBECONFIG") {
		t.Error(ended)
	}
}

func TestWhatMayNotBeReadIsANote(t *testing.T) {
	server := newAPI(t).with("", ready)
	server.refused["/api/v1/namespaces/demo/pods"] = 403
	server.refused["/api/v1/namespaces/demo/events"] = 403
	server.refused["/api/v1/namespaces/demo/secrets/shop-server"] = 403
	ended := server.run(t, "status", "rd/shop")
	if ended.code != 0 || !strings.Contains(ended.out, "you may not list pods here") || !strings.Contains(ended.out, "you may not list events here") {
		t.Error(ended)
	}
}

// TestNoDataOfASecretIsAskedFor is about status, which tells the age of a password.
func TestNoDataOfASecretIsAskedFor(t *testing.T) {
	server := newAPI(t).with("", ready)
	server.objects["/api/v1/namespaces/demo/secrets/shop-server"] = `{"metadata":{"creationTimestamp":"2026-12-01T11:00:00Z"}}`
	if ended := server.run(t, "status", "shop"); !strings.Contains(ended.out, "password 60m old") {
		t.Error(ended)
	}
	asked := false
	for _, request := range server.asked {
		if strings.Contains(request, "/secrets") {
			asked = true
			if !strings.Contains(request, "as=PartialObjectMetadata") {
				t.Error(request)
			}
		}
	}
	if !asked {
		t.Error(server.asked)
	}
}

func TestWritersWriteOneFieldOfTheObjectThatTheyRead(t *testing.T) {
	for arguments, expected := range map[string]string{
		"rotate shop":  `{"metadata":{"annotations":{"slotkeeper.io/rotate-password":"2026-12-01T12:00:00Z"},"uid":"u-1"}}`,
		"restart shop": `{"metadata":{"uid":"u-1"},"spec":{"podTemplate":{"metadata":{"annotations":{"slotkeeper.io/restarted-at":"2026-12-01T12:00:00Z"}}}}}`,
		"halt shop":    `{"metadata":{"uid":"u-1"},"spec":{"halted":true}}`,
	} {
		server := newAPI(t).with("", ready)
		ended := server.run(t, append(strings.Fields(arguments), "--dry-run")...)
		last := server.asked[len(server.asked)-1]
		if ended.code != 0 || len(server.patches) != 1 || server.patches[0] != expected {
			t.Errorf("%s: %v %v", arguments, ended, server.patches)
		}
		if !strings.Contains(last, "fieldManager=kubectl-slotkeeper") || !strings.Contains(last, "dryRun=All") || !strings.Contains(ended.out, "nothing was changed") {
			t.Errorf("%s: %s %s", arguments, last, ended.out)
		}
	}
}

func TestARestartReachesSentinelsToo(t *testing.T) {
	server := newAPI(t).with(`,"mode":"Sentinel"`, ready)
	server.run(t, "restart", "shop")
	if len(server.patches) != 1 || strings.Count(server.patches[0], "restarted-at") != 2 {
		t.Error(server.patches)
	}
}

func TestWhatIsSoAlreadyIsNotWritten(t *testing.T) {
	server := newAPI(t).with("", ready)
	if ended := server.run(t, "resume", "shop"); ended.code != 0 || len(server.patches) > 0 || !strings.Contains(ended.out, "not halted already") {
		t.Error(ended, server.patches)
	}
}

func TestWaitEndsWhenItIsReached(t *testing.T) {
	for _, goal := range []string{"Ready", "Complete"} {
		if ended := newAPI(t).with("", ready).run(t, "wait", "shop", "--for", goal); ended.code != 0 {
			t.Error(goal, ended)
		}
	}
	for _, not := range []string{
		strings.Replace(ready, `"Ready","status":"True"`, `"Ready","status":"False"`, 1),
		ready + `,"observedGeneration":0`,
		"",
	} {
		if ended := newAPI(t).with("", not).run(t, "wait", "shop", "--for", "Complete", "--timeout", "10ms"); ended.code != 8 {
			t.Error(not, ended)
		}
	}
	server := newAPI(t).with("", ready)
	delete(server.objects, shop)
	if ended := server.run(t, "wait", "shop", "--for", "Deleted"); ended.code != 0 {
		t.Error(ended)
	}
}

func TestAPasswordIsPrintedOnRequestAlone(t *testing.T) {
	server := newAPI(t).with("", ready+`,"binding":{"name":"shop-binding"}`)
	server.objects["/api/v1/namespaces/demo/secrets/shop-binding"] = `{"data":{"password":"c2VjcmV0LXdvcmQ="}}`
	if ended := server.run(t, "connect", "shop"); ended.code != 0 || strings.Contains(ended.out, "secret-word") || !strings.Contains(ended.out, "shop.demo.svc:6379") {
		t.Error(ended)
	}
	if ended := server.run(t, "connect", "shop", "--show-password"); !strings.Contains(ended.out, "secret-word") {
		t.Error(ended)
	}
}

func TestListIsOfOneNamespaceOrAll(t *testing.T) {
	server := newAPI(t).with("", ready)
	if ended := server.run(t, "list"); ended.code != 0 || strings.Contains(ended.out, "NAMESPACE") || !strings.Contains(ended.out, "shop  Well") {
		t.Error(ended)
	}
	server.objects["/apis/slotkeeper.io/v1alpha1/redises"] = `{"items":[]}`
	if ended := server.run(t, "list", "-A"); ended.code != 0 || !strings.Contains(ended.err, "no Redis in this cluster") {
		t.Error(ended)
	}
	var lines []map[string]any
	if err := json.Unmarshal([]byte(server.run(t, "list", "-o", "json").out), &lines); err != nil || len(lines) != 1 {
		t.Error(err, lines)
	}
}

func TestNamesAreCompleted(t *testing.T) {
	server := newAPI(t).with("", ready)
	if ended := server.run(t, "__complete", "status", ""); !strings.HasPrefix(ended.out, "shop\n") {
		t.Error(ended)
	}
	server.Close()
	if ended := server.run(t, "__complete", "status", ""); ended.code != 0 || !strings.HasPrefix(ended.out, ":4\n") {
		t.Error(ended)
	}
}

func TestAReportSaysWhatItLacksAndOverwritesNothing(t *testing.T) {
	server := newAPI(t).with(`,"podTemplate":{"spec":{"env":[{"name":"TOKEN","value":"secret-word"}]}}`, ready)
	file := filepath.Join(t.TempDir(), "report.tar.gz")
	if ended := server.run(t, "report", "shop", "-f", file); ended.code != 0 || !strings.Contains(ended.out, file) {
		t.Fatal(ended)
	}
	files := unpacked(t, file)
	if redis := files["redis.json"]; !strings.Contains(redis, "BLANKED") || strings.Contains(redis, "secret-word") {
		t.Error(redis)
	}
	if lacking := files["errors.txt"]; !strings.Contains(lacking, "secret-shop-auth.json: not found") || !strings.Contains(lacking, "operator") {
		t.Error(lacking)
	}
	if status, err := os.Stat(file); err != nil || status.Mode().Perm() != 0o600 {
		t.Error(status, err)
	}
	if again := server.run(t, "report", "shop", "-f", file); again.code != 1 || !strings.Contains(again.err, "-f") {
		t.Error(again)
	}
}
