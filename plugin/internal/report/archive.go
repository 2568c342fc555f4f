package report

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"time"
)

// Archive writes files into a tar.gz.
type Archive struct {
	directory string
	zip       *gzip.Writer
	tar       *tar.Writer
	now       time.Time
}

// NewArchive begins one; all files are in one directory.
func NewArchive(out io.Writer, directory string, now time.Time) *Archive {
	zip := gzip.NewWriter(out)
	return &Archive{directory, zip, tar.NewWriter(zip), now}
}

// Add adds a file.
func (a *Archive) Add(name string, content []byte) error {
	err := a.tar.WriteHeader(&tar.Header{
		Name: a.directory + "/" + name, Mode: 0o600, Size: int64(len(content)), ModTime: a.now, Typeflag: tar.TypeReg,
	})
	if err == nil {
		_, err = a.tar.Write(content)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}

// Close writes the end.
func (a *Archive) Close() error { return errors.Join(a.tar.Close(), a.zip.Close()) }
