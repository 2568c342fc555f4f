package screen

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

var colours = map[State]terminal.Colour{
	Well: terminal.Good, Working: terminal.Busy, Warning: terminal.Busy, Down: terminal.Bad, Stopped: terminal.Busy, Unknown: terminal.Bad,
}

// Render writes the screen.
func (s Status) Render(style terminal.Style) string {
	var out strings.Builder
	s.head(&out, style)
	s.serverTable(&out, style)
	s.sentinelTable(&out, style)
	s.conditionTable(&out, style)
	s.work(&out, style)
	s.problems(&out, style)
	s.eventTable(&out, style)
	for _, note := range s.Notes {
		fmt.Fprintf(&out, "\n  %s\n", style.Paint(terminal.Faint, style.Wrapped(2, terminal.Neutral("Note: "+note))))
	}
	return out.String()
}

func (s Status) head(out *strings.Builder, style terminal.Style) {
	phase := ""
	if s.Phase != "" {
		phase = " (" + s.Phase + ")"
	}
	fmt.Fprintf(out, "%s %s%s: %s\n",
		style.Paint(terminal.Bold, terminal.Neutral(s.Namespace+"/"+s.Name)),
		style.Paint(colours[s.State], string(s.State)), terminal.Neutral(phase), s.Summary)
	version := "version " + s.Version
	if s.Server != "" && s.Server != s.Version {
		version += " (server " + s.Server + ")"
	}
	facts := []string{"mode " + s.Mode + ": " + s.Shape, version, s.Storage, terminal.Since(s.Created, s.now) + " old"}
	if s.Password != nil {
		facts = append(facts, s.Password.text(s.now))
	}
	fmt.Fprintf(out, "  %s\n", style.Wrapped(2, terminal.Neutral(strings.Join(facts, "; "))))
}

func (p Password) text(now time.Time) string {
	text := "password " + terminal.Since(*p.Changed, now) + " old"
	if p.PreviousUntil != nil && p.PreviousUntil.After(now) {
		text += ", the former one valid for " + terminal.Age(p.PreviousUntil.Sub(now))
	}
	return text
}

func (s Status) serverTable(out *strings.Builder, style terminal.Style) {
	if len(s.Servers) == 0 {
		return
	}
	rows := [][]terminal.Cell{heading("SHARD", "POD", "ROLE", "STATE", "LAG", "SLOTS", "KEYS", "MEMORY", "OPS/S", "CLIENTS", "RESTARTS", "SERVER", "NODE")}
	last := -1
	for _, server := range s.Servers {
		row := server.row()
		if server.Shard == last {
			row[0].Text = ""
		}
		last = server.Shard
		rows = append(rows, row)
	}
	fmt.Fprintln(out)
	style.Table(out, 2, rows)
}

func heading(titles ...string) []terminal.Cell {
	var row []terminal.Cell
	for _, title := range titles {
		row = append(row, terminal.Cell{Text: title})
	}
	return row
}

func (s Server) row() []terminal.Cell {
	row := []terminal.Cell{
		{Text: strconv.Itoa(s.Shard)}, {Text: s.Pod}, {Text: orText(s.Role, "-")}, state(s.State), {}, {Text: ranges(s.Slots)},
		{}, {}, {}, {}, times(s.Restarts), {}, {Text: s.Node},
	}
	if s.Role == "master" {
		row[2].Colour = terminal.Bold
	}
	if live := s.Live; live != nil {
		row[4] = live.lag()
		row[6].Text = strconv.FormatInt(live.Keys, 10)
		row[7].Text = live.memory()
		row[8].Text = strconv.FormatInt(live.OpsPerSecond, 10)
		row[9].Text = strconv.FormatInt(live.Clients, 10)
		row[11].Text = live.Version
	}
	return row
}

func state(word string) terminal.Cell {
	switch word {
	case "Ready":
		return terminal.Cell{Text: word, Colour: terminal.Good}
	case "NotReady", "Pending", "Terminating", "ContainerCreating", "PodInitializing":
		return terminal.Cell{Text: word, Colour: terminal.Busy}
	}
	return terminal.Cell{Text: word, Colour: terminal.Bad}
}

// ranges is what fits of the slots; the command `slots` has all.
func ranges(slots string) string {
	parts := strings.FieldsFunc(slots, func(char rune) bool { return char == ',' || char == ' ' })
	if len(parts) <= 2 {
		return strings.Join(parts, ",")
	}
	return fmt.Sprintf("%s +%d", parts[0], len(parts)-1)
}

// A restart of a container is worth a column only once there is one.
func times(restarts int) terminal.Cell {
	if restarts == 0 {
		return terminal.Cell{}
	}
	return terminal.Cell{Text: strconv.Itoa(restarts), Colour: terminal.Busy}
}

// Below this, the two moments at which master and replica are asked explain the difference.
const inSync = 64 * 1024

func (l Live) lag() terminal.Cell {
	switch {
	case l.Link == "":
		return terminal.Cell{}
	case l.Link == "copying":
		return terminal.Cell{Text: "copying", Colour: terminal.Busy}
	case l.Link != "up":
		return terminal.Cell{Text: "no link", Colour: terminal.Bad}
	case l.LagBytes == nil:
		return terminal.Cell{Text: "linked"}
	case *l.LagBytes < inSync:
		return terminal.Cell{Text: "in sync", Colour: terminal.Good}
	}
	return terminal.Cell{Text: terminal.Bytes(*l.LagBytes), Colour: terminal.Busy}
}

func (l Live) memory() string {
	if l.MaxMemory == 0 {
		return terminal.Bytes(l.UsedMemory)
	}
	return terminal.Bytes(l.UsedMemory) + "/" + terminal.Bytes(l.MaxMemory)
}

func (s Status) sentinelTable(out *strings.Builder, style terminal.Style) {
	if len(s.Sentinels) == 0 {
		return
	}
	rows := [][]terminal.Cell{heading("SENTINEL", "STATE", "PRIMARY", "REPLICAS", "SENTINELS", "RESTARTS", "SERVER", "NODE")}
	for _, sentinel := range s.Sentinels {
		rows = append(rows, []terminal.Cell{
			{Text: sentinel.Pod}, state(sentinel.State), {Text: sentinel.Master}, {Text: sentinel.Replicas}, {Text: sentinel.Peers},
			times(sentinel.Restarts), {Text: sentinel.Version}, {Text: sentinel.Node},
		})
	}
	fmt.Fprintln(out)
	style.Table(out, 2, rows)
}

func (s Status) conditionTable(out *strings.Builder, style terminal.Style) {
	if len(s.Conditions) == 0 {
		return
	}
	rows := [][]terminal.Cell{heading("CONDITION", "STATUS", "REASON", "SINCE")}
	for _, condition := range s.Conditions {
		colour := terminal.Good
		switch {
		case condition.Good:
		case condition.Type == "Progressing" || condition.Type == "ConfigurationWarning":
			colour = terminal.Busy
		default:
			colour = terminal.Bad
		}
		rows = append(rows, []terminal.Cell{
			{Text: condition.Type}, {Text: condition.Status, Colour: colour}, {Text: condition.Reason}, {Text: terminal.Since(condition.Since, s.now)},
		})
	}
	fmt.Fprintln(out)
	style.Table(out, 2, rows)
}

func (s Status) work(out *strings.Builder, style terminal.Style) {
	if len(s.UnderWay) == 0 {
		return
	}
	fmt.Fprintf(out, "\n  %s\n", style.Paint(terminal.Faint, "UNDER WAY"))
	for _, work := range s.UnderWay {
		text := work.Reason + ": " + work.Message
		if work.Done != nil {
			text += fmt.Sprintf(" (%d %% done", *work.Done)
			if work.End != nil && work.End.After(s.now) {
				text += ", about " + terminal.Age(work.End.Sub(s.now)) + " to go"
			}
			text += ")"
		}
		fmt.Fprintf(out, "  %s %s\n", style.Paint(terminal.Busy, "~"), style.Wrapped(4, terminal.Neutral(text)))
	}
}

func (s Status) problems(out *strings.Builder, style terminal.Style) {
	if len(s.Wrong) == 0 {
		return
	}
	fmt.Fprintf(out, "\n  %s\n", style.Paint(terminal.Faint, "WRONG"))
	for _, problem := range s.Wrong {
		colour := terminal.Busy
		if problem.Urgent {
			colour = terminal.Bad
		}
		fmt.Fprintf(out, "  %s %s\n", style.Paint(colour, "!"), style.Wrapped(4, terminal.Neutral(problem.Reason+": "+problem.Message)))
		fmt.Fprintf(out, "    %s\n", style.Wrapped(4, terminal.Neutral("Next: "+problem.Next)))
	}
}

func (s Status) eventTable(out *strings.Builder, style terminal.Style) {
	if len(s.Events) == 0 {
		return
	}
	fmt.Fprintf(out, "\n  %s\n", style.Paint(terminal.Faint, "EVENTS"))
	for _, event := range s.Events {
		colour := terminal.Colour("")
		if event.Type == "Warning" {
			colour = terminal.Busy
		}
		age := fmt.Sprintf("%-4s", terminal.Since(event.Time, s.now))
		reason := terminal.Neutral(event.Reason)
		text := style.Wrapped(7, reason+": "+terminal.Neutral(event.Message))
		fmt.Fprintf(out, "  %s %s\n", age, style.Paint(colour, reason)+strings.TrimPrefix(text, reason))
	}
}
