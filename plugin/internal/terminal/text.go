// Package terminal writes text for people. All that comes from a cluster passes through Neutral: a tenant that may write
// a message there must not reach the terminal of an administrator.
package terminal

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Neutral makes every character visible and harmless: control characters, among them the beginnings of escape
// sequences, and those that change the direction or are invisible, become escapes as in Go. Line breaks become spaces.
func Neutral(text string) string { return neutral(text, false) }

// NeutralLines is Neutral for a text of several lines.
func NeutralLines(text string) string { return neutral(text, true) }

func neutral(text string, lines bool) string {
	var out strings.Builder
	for i, char := range text {
		switch {
		case char == '\n' && lines:
			out.WriteByte('\n')
		case char == '\n' || char == '\r' || char == '\t':
			out.WriteByte(' ')
		case char == utf8.RuneError:
			out.WriteString(invalid(text[i:]))
		case harmless(char):
			out.WriteRune(char)
		default:
			out.WriteString(escaped(char))
		}
	}
	return out.String()
}

// invalid is a byte that is not UTF-8, or the replacement character itself.
func invalid(text string) string {
	if _, size := utf8.DecodeRuneInString(text); size > 1 {
		return string(utf8.RuneError)
	}
	return fmt.Sprintf(`\x%02x`, text[0])
}

func harmless(char rune) bool {
	return unicode.IsGraphic(char) && !unicode.Is(unicode.Zs, char) || char == ' '
}

func escaped(char rune) string {
	if char <= 0xffff {
		return fmt.Sprintf(`\u%04x`, char)
	}
	return fmt.Sprintf(`\U%08x`, char)
}

// JSON makes a JSON text harmless: what Neutral would change is in strings there, and gets the escape of JSON.
func JSON(text []byte) []byte {
	var out strings.Builder
	for _, char := range string(text) {
		switch {
		case char == '\n' || char == ' ' || char == utf8.RuneError || harmless(char):
			out.WriteRune(char)
		case char > 0xffff:
			high, low := surrogates(char)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, char)
		}
	}
	return []byte(out.String())
}

func surrogates(char rune) (rune, rune) {
	char -= 0x10000
	return 0xd800 + char>>10, 0xdc00 + char&0x3ff
}

// Style says how to write.
type Style struct {
	Colours bool
	Width   int
}

// Colour of a text.
type Colour string

// The colours that are in use, as parameters of the escape sequence.
const (
	Good  Colour = "32"
	Busy  Colour = "33"
	Bad   Colour = "31"
	Bold  Colour = "1"
	Faint Colour = "2"
)

// Paint colours a text that is already neutral, if there are colours.
func (s Style) Paint(colour Colour, text string) string {
	if !s.Colours || colour == "" || text == "" {
		return text
	}
	return "\x1b[" + string(colour) + "m" + text + "\x1b[0m"
}

// Wrapped breaks a neutral text at spaces, so that it fits beside an indentation.
func (s Style) Wrapped(indent int, text string) string {
	room := max(s.Width-indent, 20)
	var out strings.Builder
	column := 0
	for _, word := range words(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case column == 0:
		case column+1+length > room:
			out.WriteString("\n" + strings.Repeat(" ", indent))
			column = 0
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += length
	}
	return out.String()
}

// words are those between spaces. A command in backquotes is one, so that it can be copied as it stands.
func words(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(char rune) bool {
		if char == '`' {
			quoted = !quoted
		}
		return char == ' ' && !quoted
	})
}

// Cell is a text in a table, not yet neutral.
type Cell struct {
	Text   string
	Colour Colour
}

// Table writes rows in columns; the first row is the heading. Columns that are empty below their heading are left out.
func (s Style) Table(out io.Writer, indent int, rows [][]Cell) {
	widths := make([]int, len(rows[0]))
	for number, row := range rows {
		for i, cell := range row {
			if number > 0 && cell.Text != "" {
				widths[i] = max(widths[i], utf8.RuneCountInString(Neutral(cell.Text)), utf8.RuneCountInString(rows[0][i].Text))
			}
		}
	}
	for number, row := range rows {
		var line strings.Builder
		pending := indent
		for i, cell := range row {
			if widths[i] == 0 {
				continue
			}
			text := Neutral(cell.Text)
			colour := cell.Colour
			if number == 0 {
				colour = Faint
			}
			if text != "" {
				line.WriteString(strings.Repeat(" ", pending) + s.Paint(colour, text))
				pending = 0
			}
			pending += widths[i] - utf8.RuneCountInString(text) + 2
		}
		fmt.Fprintln(out, line.String())
	}
}

// Age is a duration as kubectl writes ages: 42s, 12m, 3h, 5d.
func Age(age time.Duration) string {
	switch {
	case age < 0:
		return "0s"
	case age < 2*time.Minute:
		return fmt.Sprintf("%ds", int(age.Seconds()))
	case age < 2*time.Hour:
		return fmt.Sprintf("%dm", int(age.Minutes()))
	case age < 48*time.Hour:
		return fmt.Sprintf("%dh", int(age.Hours()))
	}
	return fmt.Sprintf("%dd", int(age.Hours())/24)
}

// Since is the age of a moment; empty for none.
func Since(moment, now time.Time) string {
	if moment.IsZero() {
		return ""
	}
	return Age(now.Sub(moment))
}

// Bytes is a size with a unit: 512B, 1.5Ki, 3.0Gi.
func Bytes(bytes int64) string {
	if bytes < 1024 {
		return fmt.Sprintf("%dB", bytes)
	}
	value := float64(bytes)
	for _, unit := range []string{"Ki", "Mi", "Gi"} {
		if value /= 1024; value < 1024 {
			return fmt.Sprintf("%.1f%s", value, unit)
		}
	}
	return fmt.Sprintf("%.1fTi", value/1024)
}
