package blob

import (
	"strconv"
	"strings"

	"cloud.google.com/go/storage"
	azureblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"gocloud.dev/blob"
)

// listedIdentity is what a store's list says of the version of an object's bytes:
// S3's and Azure's ETag, GCS's generation. Empty where it says nothing.
func listedIdentity(found *blob.ListObject) string {
	var onS3 types.Object
	if found.As(&onS3) && onS3.ETag != nil {
		return etag(*onS3.ETag)
	}
	var onGCS storage.ObjectAttrs
	if found.As(&onGCS) {
		return generation(onGCS.Generation)
	}
	var onAzure container.BlobItem
	if found.As(&onAzure) && onAzure.Properties != nil && onAzure.Properties.ETag != nil {
		return etag(string(*onAzure.Properties.ETag))
	}
	return ""
}

// openedIdentity is the same of an object that is being read.
func openedIdentity(reader *blob.Reader) string {
	var onS3 s3.GetObjectOutput
	if reader.As(&onS3) && onS3.ETag != nil {
		return etag(*onS3.ETag)
	}
	var onGCS *storage.Reader
	if reader.As(&onGCS) {
		return generation(onGCS.Attrs.Generation)
	}
	var onAzure azureblob.DownloadStreamResponse
	if reader.As(&onAzure) && onAzure.ETag != nil {
		return etag(string(*onAzure.ETag))
	}
	return ""
}

// etag drops the quotes, which lists and headers do not write alike.
func etag(text string) string {
	tag := strings.Trim(strings.TrimPrefix(text, "W/"), `"`)
	if tag == "" {
		return "" // a file that was put there past the store
	}
	return "etag " + tag
}

func generation(number int64) string { return "generation " + strconv.FormatInt(number, 10) }
