package charge

import "strings"

// ProviderCode is the short name of a provider, by the name in its export:
// aws, azure, gcp, oci, or any other name in lower case with hyphens.
func ProviderCode(name string) string {
	lower := strings.ToLower(strings.TrimSpace(name))
	switch {
	case lower == "":
		return "other"
	case lower == "aws" || strings.HasPrefix(lower, "amazon"):
		return "aws"
	case strings.HasPrefix(lower, "microsoft") || lower == "azure":
		return "azure"
	case strings.HasPrefix(lower, "google") || lower == "gcp":
		return "gcp"
	case strings.HasPrefix(lower, "oracle") || lower == "oci":
		return "oci"
	default:
		return strings.Join(strings.FieldsFunc(lower, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r < 0x80
		}), "-")
	}
}
