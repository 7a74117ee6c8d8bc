package delivery

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"magam/domain/fault"
)

// addressParameters are what an address may say besides the place itself. None of
// them can hold a secret: credentials are the worker's environment's business.
var addressParameters = map[string][]string{
	"file": nil,
	"mem":  nil,
	"s3": {
		"region", "endpoint", "use_path_style", "disable_https", "accelerate", "dualstack", "fips", "profile",
		"anonymous", "hostname_immutable", "request_checksum_calculation", "response_checksum_validation",
		"ssetype", "kmskeyid", "prefix",
	},
	"gs":     {"anonymous", "prefix"},
	"azblob": {"storage_account", "domain", "protocol", "cdn", "localemu", "prefix"},
}

const addressCure = "write file:///folder, s3://bucket/prefix, gs://bucket/prefix or azblob://container/prefix, and " +
	"leave credentials to the worker's environment (docs/playbooks/sources.md)"

// CheckAddress refuses an address that is none, or that carries a credential.
// It never repeats what it refuses: an address is kept in the books, in Temporal's
// history and in logs, and a key pasted into it must reach none of them.
func CheckAddress(text string) error {
	refuse := func(what string) error { return fault.New(fault.Input, what, addressCure) }
	parsed, err := url.Parse(text)
	if err != nil {
		return refuse("the address cannot be read")
	}
	known, readable := addressParameters[parsed.Scheme]
	switch {
	case !readable:
		return refuse("the address is of no store that exports are read from")
	case parsed.User != nil || strings.Contains(parsed.Host, "@"):
		return refuse("the address carries a credential before its host")
	case parsed.Fragment != "":
		return refuse("the address has a part after #")
	case parsed.Scheme == "file" && (parsed.Host != "" || !path.IsAbs(parsed.Path)):
		return refuse("the address names no absolute folder: file:/// has three slashes")
	case parsed.Scheme != "file" && parsed.Scheme != "mem" && parsed.Host == "":
		return refuse("the address names no bucket")
	}
	parameters, err := url.ParseQuery(parsed.RawQuery)
	if err != nil {
		return refuse("the address's parameters cannot be read")
	}
	for name, values := range parameters {
		if !slices.Contains(known, name) {
			// The name may itself be half of a secret that was pasted.
			return refuse("the address has a parameter that is not one of " + strings.Join(known, ", "))
		}
		if len(values) != 1 {
			return refuse("the address gives " + name + " twice")
		}
	}
	if parameters.Has("prefix") && strings.Trim(parsed.Path, "/") != "" {
		return refuse("the address has both a path and a prefix")
	}
	return checkEndpoint(parameters.Get("endpoint"))
}

// checkEndpoint looks at the address within the address.
func checkEndpoint(text string) error {
	if text == "" {
		return nil
	}
	endpoint, err := url.Parse(text)
	if err != nil || endpoint.User != nil || endpoint.RawQuery != "" || endpoint.Fragment != "" ||
		endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		return fault.New(fault.Input, "the address's endpoint is not of the form https://host:port",
			addressCure)
	}
	return nil
}
