package screen

import (
	"fmt"
	"strconv"
	"strings"

	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

// allSlots is the number of slots of a cluster.
const allSlots = 16384

// SlotMap says which shard serves which slots.
type SlotMap struct {
	Shards []SlotShare `json:"shards"`
	// Missing are the slots that no shard serves.
	Missing      string `json:"missing,omitempty"`
	MissingCount int    `json:"missingCount"`
	UnderWay     []Work `json:"underWay"`
}

// SlotShare is what one shard has.
type SlotShare struct {
	Shard  string `json:"shard"`
	Master string `json:"master"`
	Count  int    `json:"count"`
	Slots  string `json:"slots"`
	Keys   *int64 `json:"keys,omitempty"`
	Memory *int64 `json:"usedMemoryBytes,omitempty"`
}

// Slots is the slot map of a cluster.
func Slots(seen Observation) SlotMap {
	slots := SlotMap{Shards: []SlotShare{}, UnderWay: underWay(seen.Redis)}
	var served [allSlots]bool
	for _, shard := range seen.Redis.Status.Shards {
		share := SlotShare{Shard: shard.Name, Master: shard.Master, Count: shard.SlotCount, Slots: shard.Slots}
		if info, answered := seen.Info[shard.Master]; answered {
			keys := info.Keys()
			share.Keys = &keys
			if memory, known := info.Number("used_memory"); known {
				share.Memory = &memory
			}
		}
		slots.Shards = append(slots.Shards, share)
		mark(&served, shard.Slots)
	}
	slots.Missing, slots.MissingCount = missing(served)
	return slots
}

// mark reads ranges such as `0-5460,7000`; what is none is left out.
func mark(served *[allSlots]bool, text string) {
	for _, part := range strings.FieldsFunc(text, func(char rune) bool { return char == ',' || char == ' ' }) {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil {
			continue
		}
		for slot := max(from, 0); slot <= min(to, allSlots-1); slot++ {
			served[slot] = true
		}
	}
}

func missing(served [allSlots]bool) (string, int) {
	var parts []string
	count := 0
	for slot := 0; slot < allSlots; slot++ {
		if served[slot] {
			continue
		}
		first := slot
		for slot+1 < allSlots && !served[slot+1] {
			slot++
		}
		count += slot - first + 1
		if first == slot {
			parts = append(parts, strconv.Itoa(first))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", first, slot))
		}
	}
	return strings.Join(parts, ","), count
}

// Render writes the slot map.
func (s SlotMap) Render(style terminal.Style) string {
	var out strings.Builder
	rows := [][]terminal.Cell{heading("SHARD", "MASTER", "COUNT", "SHARE", "KEYS", "MEMORY", "SLOTS")}
	for _, shard := range s.Shards {
		row := []terminal.Cell{
			{Text: shard.Shard}, {Text: orText(shard.Master, "-")}, {Text: strconv.Itoa(shard.Count)},
			{Text: fmt.Sprintf("%.1f%%", 100*float64(shard.Count)/allSlots)}, {}, {}, {Text: shard.Slots},
		}
		if shard.Keys != nil {
			row[4].Text = strconv.FormatInt(*shard.Keys, 10)
		}
		if shard.Memory != nil {
			row[5].Text = terminal.Bytes(*shard.Memory)
		}
		rows = append(rows, row)
	}
	style.Table(&out, 0, rows)
	if s.MissingCount == 0 {
		fmt.Fprintf(&out, "\n%s\n", style.Paint(terminal.Good, "All 16384 slots have a shard."))
	} else {
		fmt.Fprintf(&out, "\n%s\n", style.Paint(terminal.Bad, style.Wrapped(0, fmt.Sprintf("%d slots have no shard: %s", s.MissingCount, s.Missing))))
	}
	for _, work := range s.UnderWay {
		fmt.Fprintln(&out, style.Wrapped(0, terminal.Neutral(work.Reason+": "+work.Message)))
	}
	return out.String()
}
