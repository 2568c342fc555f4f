package screen

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files instead of comparing with them")

// observation is a file of testdata.
type observation struct {
	Now    time.Time         `json:"now"`
	Redis  model.Redis       `json:"redis"`
	Pods   []model.Pod       `json:"pods"`
	Events []model.Event     `json:"events"`
	Info   map[string]string `json:"info"`
	Silent map[string]string `json:"silent"`
	Secret *model.Meta       `json:"secret"`
	Notes  []string          `json:"notes"`
}

func observe(t *testing.T, file string) Observation {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var input observation
	if err := yaml.UnmarshalStrict(text, &input); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	info := map[string]model.Info{}
	for pod, answer := range input.Info {
		info[pod] = model.ParseInfo(answer)
	}
	return Observation{input.Redis, input.Pods, input.Events, info, input.Silent, input.Secret, input.Notes, input.Now}
}

func compare(t *testing.T, file, actual string) {
	t.Helper()
	if *rewrite {
		if err := os.WriteFile(file, []byte(actual), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	expected, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(expected) != actual {
		t.Errorf("%s differs; if that is right, run `go test ./internal/screen -rewrite`. It is now:\n%s", file, actual)
	}
}

// TestScreens compares each screen, and the answer for scripts, with a file.
func TestScreens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 9 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		base := strings.TrimSuffix(file, ".yaml")
		t.Run(filepath.Base(base), func(t *testing.T) {
			status := Build(observe(t, file))
			compare(t, base+".txt", status.Render(terminal.Style{Width: 100}))
			answer, err := json.MarshalIndent(status, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			compare(t, base+".json", string(terminal.JSON(answer))+"\n")
		})
	}
}

// TestTheReadmeShowsAScreenAsItIs keeps the picture in the README true.
func TestTheReadmeShowsAScreenAsItIs(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	screen, err := os.ReadFile("testdata/cluster-well.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "$ kubectl slotkeeper status shop -n demo\n"+string(screen)+"```") {
		t.Error("README.md shows another screen than testdata/cluster-well.txt")
	}
}

// TestHostileTextReachesNoTerminal is about messages and servers that a tenant controls.
func TestHostileTextReachesNoTerminal(t *testing.T) {
	seen := observe(t, "testdata/hostile.yaml")
	status := Build(seen)
	answer, err := json.Marshal(status)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"screen": status.Render(terminal.Style{Width: 100}),
		"json":   string(terminal.JSON(answer)),
		"list":   RenderList(List([]model.Redis{seen.Redis}, seen.Now), true, seen.Now, terminal.Style{Width: 100}),
	} {
		if strings.ContainsAny(text, "\x1b\x07\u009b\u202e\r") {
			t.Errorf("%s: %q", name, text)
		}
		if !strings.Contains(text, "u202e") {
			t.Errorf("%s does not show what it hides: %q", name, text)
		}
	}
	for line := range strings.Lines(status.Render(terminal.Style{Width: 400})) {
		if strings.HasPrefix(line, "Running") {
			t.Errorf("a message begins a line of its own: %q", line)
		}
	}
}

// TestColoursAreAllThatATerminalGets compares a screen with and without them.
func TestColoursAreAllThatATerminalGets(t *testing.T) {
	status := Build(observe(t, "testdata/cluster-broken.yaml"))
	coloured := status.Render(terminal.Style{Width: 100, Colours: true})
	if !strings.Contains(coloured, "\x1b[31mDown\x1b[0m") {
		t.Errorf("no red: %q", coloured)
	}
	for _, colour := range []string{"0", "1", "2", "31", "32", "33"} {
		coloured = strings.ReplaceAll(coloured, "\x1b["+colour+"m", "")
	}
	if coloured != status.Render(terminal.Style{Width: 100}) {
		t.Errorf("they differ in more than colours: %s", coloured)
	}
}
