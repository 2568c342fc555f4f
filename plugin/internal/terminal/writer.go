package terminal

import (
	"io"
	"unicode/utf8"
)

// Writer makes what passes through it neutral, line breaks aside.
type Writer struct {
	out  io.Writer
	rest []byte // the beginning of a character whose end is still to come
}

// NewWriter is for output that others decide, such as values of keys.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out} }

// Write keeps a character that is not complete for the next call.
func (w *Writer) Write(text []byte) (int, error) {
	all := append(w.rest, text...)
	end := len(all)
	for i := 1; i < utf8.UTFMax && i <= len(all); i++ {
		if start := len(all) - i; utf8.RuneStart(all[start]) {
			if !utf8.FullRune(all[start:]) {
				end = start
			}
			break
		}
	}
	w.rest = append([]byte(nil), all[end:]...)
	_, err := io.WriteString(w.out, NeutralLines(string(all[:end])))
	return len(text), err
}

// Flush writes what is left of a character that never ended.
func (w *Writer) Flush() error {
	_, err := io.WriteString(w.out, NeutralLines(string(w.rest)))
	w.rest = nil
	return err
}
