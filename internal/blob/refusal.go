package blob

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"cloud.google.com/go/storage"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"google.golang.org/api/googleapi"

	"magam/domain/fault"
)

// What is asked of a store. Each needs a permission of its own.
type purpose string

const (
	toOpen  purpose = "open"
	toList  purpose = "list"
	toRead  purpose = "read"
	toWrite purpose = "write"
)

// answer is what a store said to a request that failed, in the provider's words.
type answer struct {
	status int    // of HTTP, 0 where none came
	code   string // AccessDenied, ContainerNotFound, …
	text   string // what it said beside, on one line and without parameters
}

// refusal turns a provider's error into one that names what is missing. The
// provider's own error is dropped: it may repeat a signed URL, and whatever is
// wrapped is told to Temporal with all its causes.
func refusal(at place, what purpose, err error) error {
	if err == nil {
		return nil
	}
	var told *fault.Error
	switch {
	case errors.As(err, &told), errors.Is(err, ErrNotFound), errors.Is(err, ErrTooBig):
		return err
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	}
	said := answerOf(err)
	switch {
	case noCredential(said):
		return &fault.Error{
			Code:  fault.Access,
			Place: fault.Place{File: at.String()},
			What:  "the worker has no credential for it, or one that has expired",
			Cure:  credentialCure[at.scheme],
		}
	case noBucket(err):
		return &fault.Error{
			Code:  fault.Access,
			Place: fault.Place{File: at.String()},
			What:  "there is no such bucket or container",
			Cure:  "compare the address with the provider's console",
		}
	case said.code == "PermanentRedirect" || said.code == "AuthorizationHeaderMalformed" ||
		said.status == http.StatusMovedPermanently:
		return &fault.Error{
			Code:  fault.Access,
			Place: fault.Place{File: at.String()},
			What:  "the bucket lies in another region than the one asked",
			Cure:  "add ?region=… to the address",
		}
	case said.status == http.StatusForbidden || said.status == http.StatusUnauthorized:
		permission := missing(at, what, said)
		return &fault.Error{
			Code: fault.Access, Place: fault.Place{File: at.String()},
			What: "the store does not let the worker " + string(what) + " it (" + said.name() + "): " +
				permission + " is missing",
			Cure: "give the worker's identity " + permission,
		}
	case unreachable(err, said):
		return &fault.Error{
			Code: fault.Unreachable, Place: fault.Place{File: at.String()},
			What: "the store does not answer: " + said.shortly(err),
			Cure: "nothing if it passes; otherwise look at the network, the endpoint and the region",
		}
	}
	return &hushed{said.text, err}
}

// answerOf finds what the provider said in its library's error.
func answerOf(err error) answer {
	said := answer{text: hush(err.Error())}
	if api := smithy.APIError(nil); errors.As(err, &api) {
		said.code = api.ErrorCode()
	}
	if response := (*smithyhttp.ResponseError)(nil); errors.As(err, &response) {
		said.status = response.HTTPStatusCode()
	}
	if google := (*googleapi.Error)(nil); errors.As(err, &google) {
		said.status = google.Code
		if len(google.Errors) > 0 {
			said.code = google.Errors[0].Reason
		}
	}
	if azure := (*azcore.ResponseError)(nil); errors.As(err, &azure) {
		said.status, said.code = azure.StatusCode, azure.ErrorCode
	}
	if said.code == "AccessDenied" && said.status == 0 {
		said.status = http.StatusForbidden
	}
	return said
}

func (a answer) name() string {
	if a.code != "" {
		return a.code
	}
	return http.StatusText(a.status)
}

// shortly is the status, or how the network failed.
func (a answer) shortly(err error) string {
	if a.status > 0 {
		return strconv.Itoa(a.status) + " " + a.name()
	}
	if network := (*net.OpError)(nil); errors.As(err, &network) {
		return hush(network.Error())
	}
	return a.text
}

// notAuthorized is how AWS names the action it misses, kms:Decrypt among them.
var notAuthorized = regexp.MustCompile(`not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)`)

// missing names the permission that a request needs, as the provider's console does.
func missing(at place, what purpose, said answer) string {
	switch at.scheme {
	case "gs":
		action := map[purpose]string{
			toOpen: "storage.objects.list", toList: "storage.objects.list", toRead: "storage.objects.get", toWrite: "storage.objects.create",
		}[what]
		role := "Storage Object Viewer"
		if what == toWrite {
			role = "Storage Object User"
		}
		return action + " on bucket " + at.name + " (role " + role + ")"
	case "azblob":
		role := "Storage Blob Data Reader"
		if what == toWrite {
			role = "Storage Blob Data Contributor"
		}
		return role + " on container " + at.name
	}
	action := map[purpose]string{
		toOpen: "s3:ListBucket", toList: "s3:ListBucket", toRead: "s3:GetObject", toWrite: "s3:PutObject",
	}[what]
	if named := notAuthorized.FindStringSubmatch(said.text); named != nil {
		action = named[1]
	}
	resource := "arn:aws:s3:::" + at.name
	switch {
	case strings.HasPrefix(action, "kms:"):
		return action + " on the key that encrypts " + resource
	case action == "s3:ListBucket" && at.prefix != "":
		return action + " on " + resource + " (prefix " + at.prefix + "*)"
	case action != "s3:ListBucket":
		resource += "/" + at.prefix + "*"
	}
	return action + " on " + resource
}

var credentialCure = map[string]string{
	"s3": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run the worker under a role " +
		"(docs/playbooks/sources.md)",
	"gs": "set GOOGLE_APPLICATION_CREDENTIALS, or run the worker under a service account " +
		"(docs/playbooks/sources.md)",
	"azblob": "set AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or run the worker under a " +
		"managed identity (docs/playbooks/sources.md)",
}

// noCredential tells requests that were signed with nothing, or with what the
// provider does not know, from those that were refused.
func noCredential(said answer) bool {
	switch said.code {
	case "InvalidAccessKeyId",
		"SignatureDoesNotMatch",
		"ExpiredToken",
		"ExpiredTokenException",
		"InvalidToken",
		"TokenRefreshRequired",
		"RequestTimeTooSkewed",
		"AuthenticationFailed",
		"NoAuthenticationInformation",
		"InvalidAuthenticationInfo":
		return true
	}
	if said.status != 0 && said.status != http.StatusUnauthorized {
		return false
	}
	for _, words := range []string{
		"failed to refresh cached credentials", "failed to retrieve credentials", "no EC2 IMDS role",
		"could not find default credentials", "DefaultAzureCredential", "get credentials", "invalid_grant",
		"AZURE_STORAGE_ACCOUNT", "failed to get shared config profile",
	} {
		if strings.Contains(said.text, words) {
			return true
		}
	}
	return false
}

func noBucket(err error) bool {
	said := answerOf(err)
	return said.code == "NoSuchBucket" || said.code == "ContainerNotFound" ||
		errors.Is(err, storage.ErrBucketNotExist) ||
		said.status == http.StatusNotFound && strings.Contains(said.text, "bucket does not exist")
}

// unreachable says that the network or the store failed, not the request.
func unreachable(err error, said answer) bool {
	var network net.Error
	return said.status >= 500 || said.status == http.StatusTooManyRequests || errors.As(err, &network) ||
		errors.Is(
			err,
			syscall.ECONNREFUSED,
		) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.ErrUnexpectedEOF)
}

// lasting says that asking again would be answered alike.
func lasting(err error) bool {
	code, coded := fault.CodeOf(err)
	if coded {
		return code != fault.Unreachable
	}
	if errors.Is(err, ErrNotFound) || errors.Is(err, context.Canceled) {
		return true
	}
	said := answerOf(err)
	return noCredential(said) || said.status >= 300 && said.status < 500 &&
		said.status != http.StatusTooManyRequests && said.status != http.StatusRequestTimeout
}

// hushed is an error whose text may be shown and whose cause is not told.
type hushed struct {
	text  string
	cause error
}

func (h *hushed) Error() string { return h.text }

// Is finds what it was made from, without giving it away.
func (h *hushed) Is(target error) bool { return errors.Is(h.cause, target) }

// parameters of a URL: what comes after the question mark may be a signature.
var parameters = regexp.MustCompile(`\?[^\s"']+`)

const textMax = 240

// hush makes one short line of a provider's words.
func hush(text string) string {
	text = strings.Join(strings.Fields(parameters.ReplaceAllString(text, "")), " ")
	if len(text) > textMax {
		text = strings.ToValidUTF8(text[:textMax], "") + "…"
	}
	return text
}
