package delivery_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/delivery"
	"magam/domain/fault"
)

func TestAddressesThatAreRead(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"file:///exports/aws", "s3://bucket", "s3://bucket/payer-a/", "s3://bucket?prefix=payer-",
		"s3://bucket/a?region=ap-northeast-2&endpoint=https://store.example:9000&use_path_style=true",
		"gs://bucket/gcp", "azblob://container/exports?storage_account=acme", "mem://",
	} {
		require.NoError(t, delivery.CheckAddress(address), address)
	}
}

func TestAnAddressWithACredentialIsRefusedUnrepeated(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"a key before the bucket":         "s3://AKIAHUNTER:hunter2@bucket/a",
		"a user alone":                    "s3://hunter2@bucket",
		"a key as a parameter":            "s3://bucket?access_key=hunter2",
		"a signature":                     "azblob://container?sv=2024&sig=hunter2",
		"a pasted half":                   "s3://bucket?hunter2",
		"a key in the endpoint":           "s3://bucket?endpoint=https://a:hunter2@store.example",
		"a signed endpoint":               "s3://bucket?endpoint=https://store.example%3Fsig%3Dhunter2",
		"an endpoint that is none":        "s3://bucket?endpoint=hunter2",
		"after the hash":                  "s3://bucket#hunter2",
		"of another kind":                 "https://hunter2@host/x",
		"one that cannot be read":         "s3://%zz?hunter2",
		"a parameter that cannot be read": "s3://bucket?a=%zzhunter2",
		"a parameter twice":               "s3://bucket?region=a&region=hunter2",
		"a path and a prefix":             "s3://bucket/hunter2?prefix=b",
		"no bucket":                       "s3:///hunter2",
		"a relative folder":               "file://hunter2/x",
		"a private key's path":            "gs://bucket?private_key_path=/hunter2",
	}
	for name, address := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			err := delivery.CheckAddress(address)

			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Input, code)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}
