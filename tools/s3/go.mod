module magam/tools/s3

go 1.26

require github.com/versity/versitygw v1.8.0 // indirect
