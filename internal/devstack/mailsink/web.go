package mailsink

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed pages.html
var pagesSource string

var pages = template.Must(template.New("pages").Funcs(template.FuncMap{
	"size": readableSize, "when": readableTime, "icon": fileIcon,
}).Parse(pagesSource))

// Our own pages load nothing from elsewhere and run only the list's refresher.
const (
	pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
		"connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"
	// A mail's HTML may style itself and show its embedded pictures; it runs nothing.
	mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)

// shown are the attachments that a browser shows by itself and safely; all
// others are downloaded.
var shown = map[string]bool{
	"application/pdf": true,
	"image/png":       true,
	"image/jpeg":      true,
	"text/plain":      true,
}

type pageData struct {
	Words   words
	Query   string
	Mails   []Summary
	Mail    Mail
	Nothing bool
}

// Handler serves the mail page of a mailbox.
func Handler(mailbox *Mailbox) http.Handler {
	site := &site{mailbox}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", site.list)
	mux.HandleFunc("GET /mails/{id}", site.read)
	mux.HandleFunc("GET /mails/{id}/html", site.html)
	mux.HandleFunc("GET /mails/{id}/raw", site.raw)
	mux.HandleFunc("GET /mails/{id}/attachments/{position}/{name}", site.attachment)
	mux.HandleFunc("GET /api/mails", site.apiList)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return mux
}

type site struct{ mailbox *Mailbox }

func (s *site) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query().Get("q")
	mails, err := s.mailbox.List(query)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.page(w, "list", pageData{Words: wordsFor(r), Query: query, Mails: mails, Nothing: len(mails) == 0})
}

func (s *site) read(w http.ResponseWriter, r *http.Request) {
	mail, err := s.mailbox.Read(r.PathValue("id"))
	if err != nil {
		s.fail(w, err)
		return
	}
	s.page(w, "read", pageData{Words: wordsFor(r), Query: r.URL.Query().Get("q"), Mail: mail})
}

func (s *site) page(w http.ResponseWriter, name string, data pageData) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, data); err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	s.send(w, page.Bytes())
}

func (s *site) html(w http.ResponseWriter, r *http.Request) {
	mail, err := s.mailbox.Read(r.PathValue("id"))
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", mailPolicy)
	s.send(w, []byte(mail.HTML))
}

func (s *site) raw(w http.ResponseWriter, r *http.Request) {
	raw, _, err := s.mailbox.Raw(r.PathValue("id"))
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	s.send(w, raw)
}

func (s *site) attachment(w http.ResponseWriter, r *http.Request) {
	mail, err := s.mailbox.Read(r.PathValue("id"))
	if err != nil {
		s.fail(w, err)
		return
	}
	position, err := strconv.Atoi(r.PathValue("position"))
	if err != nil || position < 1 || position > len(mail.Attachments) {
		s.fail(w, ErrNoMail)
		return
	}
	file := mail.Attachments[position-1]
	disposition := "attachment"
	if shown[file.Type] {
		disposition = "inline"
	}
	contentType := file.Type
	if contentType == "text/plain" {
		contentType += "; charset=utf-8"
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().
		Set("Content-Disposition",
			mime.FormatMediaType(disposition, map[string]string{"filename": file.Name}))
	s.send(w, file.content)
}

func (s *site) apiList(w http.ResponseWriter, r *http.Request) {
	mails, err := s.mailbox.List(r.URL.Query().Get("q"))
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := json.NewEncoder(w).Encode(mails); err != nil {
		return // the reader went away: there is nobody left to tell
	}
}

func (s *site) send(w http.ResponseWriter, content []byte) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // the reader went away: there is nobody left to tell
}

func (s *site) fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if errors.Is(err, ErrNoMail) {
		status = http.StatusNotFound
	}
	http.Error(w, err.Error(), status)
}

func readableSize(size int) string {
	switch {
	case size < 1<<10:
		return fmt.Sprintf("%d B", size)
	case size < 1<<20:
		return fmt.Sprintf("%d KB", (size+512)>>10)
	default:
		return fmt.Sprintf("%d.%d MB", size>>20, (size>>10&1023)*10>>10)
	}
}

func readableTime(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }

func fileIcon(name string) string {
	_, extension, _ := strings.Cut(name[max(0, len(name)-5):], ".")
	if extension == "" {
		return "FILE"
	}
	return strings.ToUpper(extension)
}
