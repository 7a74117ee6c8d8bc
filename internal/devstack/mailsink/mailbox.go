package mailsink

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrNoMail says that there is no mail of that name.
var ErrNoMail = errors.New("no such mail")

// Envelope is what SMTP said beside the message.
type Envelope struct {
	From       string    `json:"from"`
	To         []string  `json:"to"`
	ReceivedAt time.Time `json:"receivedAt"`
	SHA256     string    `json:"sha256"` // of the message as it came
	Bytes      int       `json:"bytes"`
}

// Mailbox is a folder of mails: <id>.eml holds the bytes of the wire, <id>.json
// the envelope. Ids sort by arrival. It is safe for concurrent use.
type Mailbox struct {
	root *os.Root

	mutex sync.Mutex
	count int
	known map[string]Summary // by id; a mail never changes
}

// OpenMailbox makes the folder where it is missing.
func OpenMailbox(dir string) (*Mailbox, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	return &Mailbox{root: root, known: map[string]Summary{}}, nil
}

// Close gives the folder back.
func (m *Mailbox) Close() error { return m.root.Close() }

// Store writes a mail and returns its id. The message appears under its name
// only when it is whole and on disk, after its envelope.
func (m *Mailbox) Store(envelope Envelope, message []byte) (string, error) {
	m.mutex.Lock()
	m.count++
	id := fmt.Sprintf("%s-%06d", envelope.ReceivedAt.UTC().Format("20060102T150405.000000000Z"), m.count)
	m.mutex.Unlock()

	sum := sha256.Sum256(message)
	envelope.SHA256, envelope.Bytes = hex.EncodeToString(sum[:]), len(message)
	description, err := json.MarshalIndent(envelope, "", "  ")
	if err != nil {
		return "", err
	}
	if err := m.write(id+".json", description); err != nil {
		return "", err
	}
	return id, m.write(id+".eml", message)
}

func (m *Mailbox) write(name string, content []byte) error {
	file, err := m.root.Create(name + ".part")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return fmt.Errorf("store %s: %w", name, err)
	}
	return m.root.Rename(name+".part", name)
}

// List gives what arrived, newest first. A query keeps the mails whose
// recipients, sender or subject contain it, whatever the case.
func (m *Mailbox) List(query string) ([]Summary, error) {
	folder, err := m.root.Open(".")
	if err != nil {
		return nil, err
	}
	entries, err := folder.ReadDir(-1)
	err = errors.Join(err, folder.Close())
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, entry := range entries {
		if id, isMail := strings.CutSuffix(entry.Name(), ".eml"); isMail {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)

	summaries := make([]Summary, 0, len(ids))
	for _, id := range ids {
		summary, err := m.summary(id)
		if err != nil {
			return nil, err
		}
		if summary.mentions(query) {
			summaries = append(summaries, summary)
		}
	}
	return summaries, nil
}

func (m *Mailbox) summary(id string) (Summary, error) {
	m.mutex.Lock()
	summary, isKnown := m.known[id]
	m.mutex.Unlock()
	if isKnown {
		return summary, nil
	}
	mail, err := m.Read(id)
	if err != nil {
		return Summary{}, err
	}
	for i := range mail.Attachments {
		mail.Attachments[i].content = nil // the list shows names; the files stay on disk
	}
	m.mutex.Lock()
	m.known[id] = mail.Summary
	m.mutex.Unlock()
	return mail.Summary, nil
}

// Raw gives a mail's bytes as they came over the wire.
func (m *Mailbox) Raw(id string) ([]byte, Envelope, error) {
	if strings.ContainsAny(id, `/\`) {
		return nil, Envelope{}, ErrNoMail
	}
	message, err := m.root.ReadFile(id + ".eml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Envelope{}, fmt.Errorf("%s: %w", id, ErrNoMail)
	}
	if err != nil {
		return nil, Envelope{}, err
	}
	description, err := m.root.ReadFile(id + ".json")
	if err != nil {
		return nil, Envelope{}, err
	}
	var envelope Envelope
	if err := json.Unmarshal(description, &envelope); err != nil {
		return nil, Envelope{}, fmt.Errorf("envelope of %s: %w", id, err)
	}
	return message, envelope, nil
}
