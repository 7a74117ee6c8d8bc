package invoice

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"magam/domain/fault"
)

// Canonical is the snapshot's one spelling: JSON with the fields in the order of
// the struct and every amount as text with each of its digits and no more. Two
// snapshots that say the same have the same canonical bytes.
func (s Snapshot) Canonical() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(s)
	if err != nil {
		return nil, fmt.Errorf("write snapshot %s %s: %w", s.Customer.Code, s.Month, err)
	}
	return bytes.TrimRight(text.Bytes(), "\n"), nil
}

// Digest names canonical bytes: sha256 in hexadecimal. Its first twelve
// characters stand at the foot of every page.
func Digest(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// ParseSnapshot reads what Canonical wrote and nothing else: a field it does
// not know, another schema, or a spelling that is not the canonical one is
// refused, since a document that cannot be reproduced must not be rendered.
func ParseSnapshot(canonical []byte) (Snapshot, error) {
	var s Snapshot
	decoder := json.NewDecoder(bytes.NewReader(canonical))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&s)
	if err != nil {
		return Snapshot{}, unreadable("it is not a snapshot", err)
	}
	if s.Schema != SchemaCurrent {
		return Snapshot{}, unreadable(
			fmt.Sprintf("it has schema %d, this program knows %d", s.Schema, SchemaCurrent),
			nil,
		)
	}
	again, err := s.Canonical()
	if err != nil {
		return Snapshot{}, err
	}
	if !bytes.Equal(again, canonical) {
		return Snapshot{}, unreadable("it does not read back as it was written", nil)
	}
	return s, nil
}

func unreadable(why string, err error) error {
	return &fault.Error{
		Code: fault.DigestChanged, What: "a stored document cannot be trusted: " + why, Err: err,
		Cure: "run `starter audit` for its month and restore it from a backup",
	}
}
