package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"magam/domain/fault"
)

// uploadBytesMax is what a reader of workbooks takes.
const uploadBytesMax = 64 << 20

// readMaster reads a workbook whole. CSV files, one or a folder of them, are
// packed into one zip, the same for the same files.
func readMaster(path string) (content []byte, extension string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, "", fmt.Errorf("read the master data: %w", err)
	}
	files := []string{path}
	if info.IsDir() {
		files, err = filepath.Glob(filepath.Join(path, "*.csv"))
		if err != nil {
			return nil, "", err
		}
		if len(files) == 0 {
			return nil, "", &fault.Error{
				Code: fault.Input, Place: fault.Place{File: path}, What: "has no CSV file in it",
				Cure: "give a folder with files such as customers.csv, or a workbook",
			}
		}
	} else if !strings.EqualFold(filepath.Ext(path), ".csv") {
		content, err = readBounded(path)
		return content, ".xlsx", err
	}
	content, err = pack(files)
	return content, ".zip", err
}

// pack stores files in the order of their names, without times.
func pack(files []string) ([]byte, error) {
	sort.Strings(files)
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	for _, file := range files {
		content, err := readBounded(file)
		if err != nil {
			return nil, err
		}
		part, err := archive.CreateHeader(&zip.FileHeader{Name: filepath.Base(file), Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		_, err = part.Write(content)
		if err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return packed.Bytes(), err
}

func readBounded(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("read the master data: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > uploadBytesMax {
		return nil, &fault.Error{
			Code: fault.Bomb, Place: fault.Place{File: file},
			What: fmt.Sprintf("is no file of at most %d MB", uploadBytesMax>>20), Cure: "split it by sheets",
		}
	}
	return os.ReadFile(file)
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
