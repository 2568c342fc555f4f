package terminal

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestNeutralShowsWhatWouldAct(t *testing.T) {
	for text, expected := range map[string]string{
		"plain: ü 漢 é":        "plain: ü 漢 é",
		"\x1b[31mred":         `\u001b[31mred`,
		"a\nb\r\tc":           "a b  c",
		"\u009b31m":           `\u009b31m`,
		"\u202eevil":          `\u202eevil`,
		"\xff":                `\xff`,
		"\ufffd":              "\ufffd",
		"\U000e0041":          `\U000e0041`,
		"no\u00a0break\u200b": `no\u00a0break\u200b`,
	} {
		if actual := Neutral(text); actual != expected {
			t.Errorf("%q became %q, not %q", text, actual, expected)
		}
	}
	if actual := NeutralLines("a\n\x1b"); actual != "a\n\\u001b" {
		t.Errorf("%q", actual)
	}
}

func TestJSONStaysTheSameForMachines(t *testing.T) {
	text := "\x1b \u009b \u202e \U000e0041 ü \"quoted\""
	encoded, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	harmless := JSON(encoded)
	if strings.ContainsAny(string(harmless), "\x1b\u009b\u202e\U000e0041") {
		t.Errorf("%q", harmless)
	}
	var back string
	if err := json.Unmarshal(harmless, &back); err != nil || back != text {
		t.Errorf("%q is %q: %v", harmless, back, err)
	}
}

func TestWrappedKeepsCommandsWhole(t *testing.T) {
	text := "first words, then `kubectl -n demo logs shop-shard0-0 -c redis` and more"
	expected := "first words, then\n  `kubectl -n demo logs shop-shard0-0 -c redis`\n  and more"
	if actual := (Style{Width: 30}).Wrapped(2, text); actual != expected {
		t.Errorf("%q", actual)
	}
}

func TestTableLeavesEmptyColumnsOut(t *testing.T) {
	var out strings.Builder
	Style{}.Table(&out, 1, [][]Cell{{{Text: "A"}, {Text: "EMPTY"}, {Text: "B"}}, {{Text: "long"}, {}, {Text: "x"}}, {{}, {}, {Text: "y"}}})
	if expected := " A     B\n long  x\n       y\n"; out.String() != expected {
		t.Errorf("%q", out.String())
	}
}

func TestUnits(t *testing.T) {
	for age, expected := range map[time.Duration]string{
		-time.Second: "0s", 119 * time.Second: "119s", 2 * time.Minute: "2m", 119 * time.Minute: "119m", 47 * time.Hour: "47h", 48 * time.Hour: "2d",
	} {
		if actual := Age(age); actual != expected {
			t.Errorf("%s: %s", age, actual)
		}
	}
	for bytes, expected := range map[int64]string{0: "0B", 1023: "1023B", 1536: "1.5Ki", 3 << 30: "3.0Gi", 5 << 50: "5120.0Ti"} {
		if actual := Bytes(bytes); actual != expected {
			t.Errorf("%d: %s", bytes, actual)
		}
	}
}

func TestAWriterIsNeutralWhereverItIsCut(t *testing.T) {
	text := "ü\x1b[31m漢\n\xff\u202eend\xe6\xbc"
	for size := 1; size <= len(text); size++ {
		var out strings.Builder
		writer := NewWriter(&out)
		for rest := text; rest != ""; {
			part := rest[:min(size, len(rest))]
			if count, err := writer.Write([]byte(part)); err != nil || count != len(part) {
				t.Fatal(count, err)
			}
			rest = rest[len(part):]
		}
		if err := writer.Flush(); err != nil || out.String() != NeutralLines(text) {
			t.Errorf("in parts of %d: %q, not %q", size, out.String(), NeutralLines(text))
		}
	}
}
