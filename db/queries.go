// Package db is the door to Postgres: migrations, statements, and one Go file
// per subject that runs them.
//
// Statements live in queries/<subject>.sql, each under a line
// `-- name: snake_case_name`. SQL adds, Go judges: grouping and summing happen
// here, rounding and netting in domain. It knows nothing of formats, documents
// or Temporal.
package db

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// queries holds every statement by "subject/name". It is filled while package
// variables are made, so that other files may ask for theirs in a var block.
var queries = mustLoadQueries(queryFiles)

// query gives a statement by "subject/snake_case_name". A name that no file
// has is a slip of ours that no input can cause: it stops the program at init.
func query(name string) string {
	text, found := queries[name]
	if !found {
		panic(fmt.Sprintf("db: no statement %q: queries/<subject>.sql needs a line `-- name: …`", name))
	}
	return text
}

func mustLoadQueries(files fs.FS) map[string]string {
	loaded, err := loadQueries(files)
	if err != nil {
		panic("db: " + err.Error())
	}
	return loaded
}

// loadQueries reads queries/*.sql. Text before a file's first name is its
// comment; a name that stands twice is refused, and so is a name without text.
func loadQueries(files fs.FS) (map[string]string, error) {
	names, err := fs.Glob(files, "queries/*.sql")
	if err != nil {
		return nil, err
	}
	loaded := map[string]string{}
	for _, file := range names {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		subject := strings.TrimSuffix(path.Base(file), ".sql")
		err = splitQueries(subject, string(text), loaded)
		if err != nil {
			return nil, err
		}
	}
	return loaded, nil
}

func splitQueries(subject, text string, loaded map[string]string) error {
	_, rest, found := strings.Cut("\n"+text, "\n-- name:")
	for found {
		var statement string
		statement, rest, found = strings.Cut(rest, "\n-- name:")
		title, body, _ := strings.Cut(statement, "\n")
		name := subject + "/" + strings.TrimSpace(title)
		body = strings.TrimSuffix(strings.TrimSpace(body), ";")
		if body == "" {
			return fmt.Errorf("statement %s is empty", name)
		}
		if _, twice := loaded[name]; twice {
			return fmt.Errorf("statement %s stands twice", name)
		}
		loaded[name] = body
	}
	return nil
}
