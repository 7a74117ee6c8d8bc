package sample

// share is how much of an account's month goes to one item.
type share struct {
	item   string
	weight int64
}

// profiles are the ways in which accounts use the cloud.
var profiles = map[string][]share{
	"web": {
		{"m5.xlarge", 220}, {"t3.medium", 60}, {"gp3", 70}, {"snapshot", 20}, {"out", 60}, {"regional", 0},
		{"nat-hours", 20}, {"nat-bytes", 25}, {"rds-r6g", 180}, {"rds-storage", 30}, {"s3", 40}, {"s3-put", 6},
		{"s3-get", 4}, {"cdn-out", 80}, {"cdn-requests", 20}, {"elb-hours", 20}, {"elb-lcu", 15},
		{"metrics", 12}, {"logs", 18}, {"zones", 3}, {"dns", 0}, {"keys", 4}, {"kms", 0}, {"acl", 6}, {"waf-requests", 8},
	},
	"game": {
		{"c6i.4xlarge", 330}, {"t3.medium", 20}, {"gp3", 50}, {"out", 140}, {"regional", 0}, {"ddb-write", 70},
		{"ddb-read", 40}, {"ddb-storage", 30}, {"cache.r6g.large", 60}, {"cdn-out", 90}, {"cdn-requests", 15},
		{"elb-hours", 10}, {"elb-lcu", 12}, {"lambda-time", 25}, {"lambda-requests", 5}, {"metrics", 15},
		{"logs", 30}, {"sqs", 0}, {"dns", 0}, {"keys", 2}, {"kms", 0},
	},
	"data": {
		{"ra3.xlplus", 300}, {"s3", 180}, {"s3-ia", 40}, {"s3-put", 15}, {"s3-get", 10}, {"r5.2xlarge", 160},
		{"gp3", 50}, {"shards", 60}, {"search.m6g", 80}, {"lambda-time", 20}, {"lambda-requests", 4}, {"logs", 20},
		{"regional", 0}, {"keys", 3}, {"kms", 0}, {"secrets", 2}, {"metrics", 6},
	},
	"saas": {
		{"eks", 30}, {"m5.xlarge", 210}, {"m6i.2xlarge", 60}, {"gp3", 60}, {"rds-multi", 170}, {"aurora-io", 40},
		{"ecr", 8}, {"efs", 25}, {"api", 40}, {"lambda-time", 60}, {"lambda-requests", 12}, {"sqs", 0}, {"out", 50},
		{"nat-hours", 12}, {"nat-bytes", 20}, {"elb-hours", 12}, {"elb-lcu", 10}, {"logs", 25}, {"secrets", 4},
		{"keys", 3}, {"kms", 0}, {"regional", 0},
	},
	"small": {
		{"t3.medium", 420}, {"gp3", 130}, {"snapshot", 30}, {"s3", 120}, {"s3-get", 6}, {"out", 110}, {"elb-hours", 90},
		{"zones", 10}, {"dns", 0}, {"regional", 0}, {"metrics", 20}, {"kms", 0},
	},
	"ml": {
		{"ml.g5.xlarge", 470}, {"r5.2xlarge", 120}, {"s3", 130}, {"s3-put", 8}, {"gp3", 60}, {"efs", 50}, {"ecr", 20},
		{"out", 30}, {"logs", 15}, {"keys", 2}, {"kms", 0}, {"regional", 0},
	},
	"media": {
		{"cdn-out", 400}, {"cdn-requests", 60}, {"s3", 240}, {"s3-ia", 60}, {"s3-put", 12}, {"s3-get", 20},
		{"lambda-time", 40}, {"lambda-requests", 8}, {"m5.xlarge", 90}, {"acl", 5}, {"waf-requests", 20}, {"dns", 0},
		{"zones", 2}, {"regional", 0},
	},
}
