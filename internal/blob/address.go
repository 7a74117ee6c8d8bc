package blob

import (
	"errors"
	"net/url"
	"strings"
)

// place is an address taken apart, for messages and for the drivers.
type place struct {
	scheme string
	name   string // of the bucket or container
	prefix string // what every key below it begins with
	driver string // the address as gocloud.dev reads it
}

// String is the address without its parameters.
func (p place) String() string { return p.scheme + "://" + p.name + "/" + p.prefix }

// errCredential refuses what would otherwise be kept in books and histories.
var errCredential = errors.New("the address carries a credential: leave those to the environment")

// placeOf reads an address of an object store. A path is a folder below which
// everything lies: s3://bucket/payer-a is the prefix payer-a/. One that shall not
// end at a slash is written ?prefix=payer-.
func placeOf(parsed *url.URL) (place, error) {
	if parsed.User != nil {
		return place{}, errCredential
	}
	query := parsed.Query()
	prefix := query.Get("prefix")
	if folder := strings.Trim(parsed.Path, "/"); folder != "" && prefix == "" {
		prefix = folder + "/"
		query.Set("prefix", prefix)
	}
	driver := url.URL{Scheme: parsed.Scheme, Host: parsed.Host, RawQuery: query.Encode()}
	return place{scheme: parsed.Scheme, name: parsed.Host, prefix: prefix, driver: driver.String()}, nil
}
