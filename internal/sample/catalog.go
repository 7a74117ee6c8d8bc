package sample

// item is one priced usage type of one service.
type item struct {
	key         string
	service     *service
	usageType   string // with {R} for the region's prefix, {E} for CloudFront's
	operation   string
	unit        string
	rate        amount
	description string // behind the price, e.g. "per GB-month of storage"
	family      string // product family
	instance    string // instance type, if it has one
	normalized  int64  // normalization factor of the instance size
	resource    string // form of its resources' names: {A} account, {R} region, {#} a hexadecimal id
	label       string // what the tag Name calls it
	whole       bool   // measured in whole units
	density     int64  // rows relative to other items
	crumbs      bool   // a handful of requests per row, worth less than a cent
}

// service is a product of AWS with its names in both formats.
type service struct{ code, name, category string }

var services = map[string]*service{
	"ec2":        {"AmazonEC2", "Amazon Elastic Compute Cloud", "Compute"},
	"rds":        {"AmazonRDS", "Amazon Relational Database Service", "Databases"},
	"s3":         {"AmazonS3", "Amazon Simple Storage Service", "Storage"},
	"cloudfront": {"AmazonCloudFront", "Amazon CloudFront", "Networking"},
	"lambda":     {"AWSLambda", "AWS Lambda", "Compute"},
	"dynamodb":   {"AmazonDynamoDB", "Amazon DynamoDB", "Databases"},
	"elb":        {"AWSELB", "Elastic Load Balancing", "Networking"},
	"cloudwatch": {"AmazonCloudWatch", "AmazonCloudWatch", "Management and Governance"},
	"route53":    {"AmazonRoute53", "Amazon Route 53", "Networking"},
	"kms":        {"awskms", "AWS Key Management Service", "Security"},
	"sqs":        {"AWSQueueService", "Amazon Simple Queue Service", "Integration"},
	"cache":      {"AmazonElastiCache", "Amazon ElastiCache", "Databases"},
	"search":     {"AmazonES", "Amazon OpenSearch Service", "Analytics"},
	"redshift":   {"AmazonRedshift", "Amazon Redshift", "Analytics"},
	"eks":        {"AmazonEKS", "Amazon Elastic Container Service for Kubernetes", "Compute"},
	"ecr":        {"AmazonECR", "Amazon EC2 Container Registry (ECR)", "Compute"},
	"efs":        {"AmazonEFS", "Amazon Elastic File System", "Storage"},
	"gateway":    {"AmazonApiGateway", "Amazon API Gateway", "Web"},
	"ml":         {"AmazonSageMaker", "Amazon SageMaker", "AI and Machine Learning"},
	"waf":        {"awswaf", "AWS WAF", "Security"},
	"secrets":    {"AWSSecretsManager", "AWS Secrets Manager", "Security"},
	"kinesis":    {"AmazonKinesis", "Amazon Kinesis", "Analytics"},
	"transfer":   {"AWSDataTransfer", "AWS Data Transfer", "Networking"},
}

// items is the price list, by key. Prices are round figures near the public
// ones; they need not be right, only plausible.
var items = indexItems([]item{
	instance("c6i.4xlarge", "ec2", "{R}BoxUsage:c6i.4xlarge", "RunInstances", "0.768", 32, "게임서버"),
	instance("m5.xlarge", "ec2", "{R}BoxUsage:m5.xlarge", "RunInstances", "0.236", 8, "웹서버"),
	instance("m6i.2xlarge", "ec2", "{R}BoxUsage:m6i.2xlarge", "RunInstances", "0.472", 16, "앱서버"),
	instance("r5.2xlarge", "ec2", "{R}BoxUsage:r5.2xlarge", "RunInstances", "0.608", 16, "분석서버"),
	instance("t3.medium", "ec2", "{R}BoxUsage:t3.medium", "RunInstances", "0.052", 2, "배치서버"),
	measured("gp3", "ec2", "{R}EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", "0.0912",
		"per GB-month of General Purpose (gp3) provisioned storage", "Storage", "vol-0{#}", "디스크"),
	measured("snapshot", "ec2", "{R}EBS:SnapshotUsage", "CreateSnapshot", "GB-Mo", "0.05",
		"per GB-Month of snapshot data stored", "Storage Snapshot",
		"arn:aws:ec2:{R}:{A}:snapshot/snap-0{#}", "스냅샷"),
	measured("nat-hours", "ec2", "{R}NatGateway-Hours", "NatGateway", "Hrs", "0.059",
		"per NAT Gateway Hour", "NAT Gateway", "arn:aws:ec2:{R}:{A}:natgateway/nat-0{#}", "NAT"),
	measured("nat-bytes", "ec2", "{R}NatGateway-Bytes", "NatGateway", "GB", "0.059",
		"per GB Data Processed by NAT Gateways", "NAT Gateway", "arn:aws:ec2:{R}:{A}:natgateway/nat-0{#}",
		"NAT"),
	measured("out", "transfer", "{R}DataTransfer-Out-Bytes", "RunInstances", "GB", "0.126",
		"per GB - first 10 TB / month data transfer out beyond the global free tier", "Data Transfer",
		"i-0{#}", "웹서버"),
	crumb("regional", "transfer", "{R}DataTransfer-Regional-Bytes", "InterZone-In", "GB", "0.01",
		"per GB - regional data transfer - in/out/between EC2 AZs or using elastic IPs or ELB", "i-0{#}",
		"웹서버"),
	measured("rds-r6g", "rds", "{R}InstanceUsage:db.r6g.xlarge", "CreateDBInstance:0014", "Hrs", "0.626",
		"per RDS db.r6g.xlarge Single-AZ instance hour (or partial hour) running PostgreSQL",
		"Database Instance", "arn:aws:rds:{R}:{A}:db:prod-{#}", "주문DB"),
	measured("rds-multi", "rds", "{R}Multi-AZUsage:db.r6g.large", "CreateDBInstance:0002", "Hrs", "0.626",
		"per RDS db.r6g.large Multi-AZ instance hour (or partial hour) running MySQL", "Database Instance",
		"arn:aws:rds:{R}:{A}:db:member-{#}", "회원DB"),
	measured("rds-storage", "rds", "{R}RDS:GP3-Storage", "CreateDBInstance:0014", "GB-Mo", "0.131",
		"per GB-month of provisioned GP3 storage running PostgreSQL", "Database Storage",
		"arn:aws:rds:{R}:{A}:db:prod-{#}", "주문DB"),
	measured("aurora-io", "rds", "{R}Aurora:StorageIOUsage", "CreateDBInstance:0021", "IOs", "0.00000024",
		"per 1 million I/O requests in Asia Pacific", "System Operation",
		"arn:aws:rds:{R}:{A}:cluster:cluster-{#}", "정산DB"),
	measured("s3", "s3", "{R}TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "0.025",
		"per GB - first 50 TB / month of storage used", "Storage", "magam-{#}-assets", "자료보관"),
	measured("s3-ia", "s3", "{R}TimedStorage-SIA-ByteHrs", "StandardIAStorage", "GB-Mo", "0.0138",
		"per GB-Month of storage used in Standard-Infrequent Access", "Storage", "magam-{#}-archive", "장기보관"),
	measured("s3-put", "s3", "{R}Requests-Tier1", "PutObject", "Requests", "0.0000045",
		"per 1,000 PUT, COPY, POST, or LIST requests", "API Request", "magam-{#}-assets", "자료보관"),
	measured("s3-get", "s3", "{R}Requests-Tier2", "GetObject", "Requests", "0.00000035",
		"per 10,000 GET and all other requests", "API Request", "magam-{#}-assets", "자료보관"),
	measured("cdn-out", "cloudfront", "{E}DataTransfer-Out-Bytes", "GET", "GB", "0.12",
		"per GB - first 10 TB / month data transfer out", "Data Transfer",
		"arn:aws:cloudfront::{A}:distribution/E{#}", "배포"),
	measured("cdn-requests", "cloudfront", "{E}Requests-Tier2-HTTPS", "GET", "Requests", "0.0000012",
		"per 10,000 HTTPS Requests", "Request", "arn:aws:cloudfront::{A}:distribution/E{#}", "배포"),
	measured("lambda-time", "lambda", "{R}Lambda-GB-Second", "Invoke", "Lambda-GB-Second", "0.0000166667",
		"per GB-second of compute time", "Serverless", "arn:aws:lambda:{R}:{A}:function:order-{#}", "주문함수"),
	measured("lambda-requests", "lambda", "{R}Request", "Invoke", "Lambda Requests", "0.0000002",
		"per request, $0.20 per 1,000,000", "Serverless", "arn:aws:lambda:{R}:{A}:function:order-{#}",
		"주문함수"),
	measured("ddb-write", "dynamodb", "{R}WriteRequestUnits", "PayPerRequestThroughput", "WriteRequestUnits",
		"0.000000705", "per write request unit (Seoul)", "Amazon DynamoDB PayPerRequest Throughput",
		"arn:aws:dynamodb:{R}:{A}:table/player-{#}", "플레이어"),
	measured("ddb-read", "dynamodb", "{R}ReadRequestUnits", "PayPerRequestThroughput", "ReadRequestUnits",
		"0.000000141", "per read request unit (Seoul)", "Amazon DynamoDB PayPerRequest Throughput",
		"arn:aws:dynamodb:{R}:{A}:table/player-{#}", "플레이어"),
	measured("ddb-storage", "dynamodb", "{R}TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "0.27075",
		"per GB-Month of storage used beyond first 25 free GB", "Database Storage",
		"arn:aws:dynamodb:{R}:{A}:table/player-{#}", "플레이어"),
	measured("elb-hours", "elb", "{R}LoadBalancerUsage", "LoadBalancing:Application", "Hrs", "0.0225",
		"per Application LoadBalancer-hour (or partial hour)", "Load Balancer-Application",
		"arn:aws:elasticloadbalancing:{R}:{A}:loadbalancer/app/front/{#}", "대표ALB"),
	measured("elb-lcu", "elb", "{R}LCUUsage", "LoadBalancing:Application", "LCU-Hrs", "0.008",
		"per used Application load balancer capacity unit-hour (or partial hour)",
		"Load Balancer-Application", "arn:aws:elasticloadbalancing:{R}:{A}:loadbalancer/app/front/{#}",
		"대표ALB"),
	measured("metrics", "cloudwatch", "{R}CW:MetricMonitorUsage", "MetricStorage", "Metrics", "0.3",
		"per metric-month for the first 10,000 metrics", "Metric", "", "모니터링"),
	measured("logs", "cloudwatch", "{R}DataProcessing-Bytes", "PutLogEvents", "GB", "0.76",
		"per GB custom log data ingested in Standard log class", "Data Payload",
		"arn:aws:logs:{R}:{A}:log-group:/app/{#}", "로그"),
	measured("zones", "route53", "HostedZone", "HostedZone", "HostedZone", "0.5",
		"per Hosted Zone for the first 25 Hosted Zones", "DNS Zone", "arn:aws:route53:::hostedzone/Z{#}",
		"도메인"),
	crumb("dns", "route53", "DNS-Queries", "A", "Queries", "0.0000004",
		"per 1,000,000 queries for the first 1 Billion queries", "arn:aws:route53:::hostedzone/Z{#}", "도메인"),
	measured("keys", "kms", "{R}KMS-Keys", "Unknown", "Keys", "1",
		"per customer managed KMS key version", "Encryption Key", "arn:aws:kms:{R}:{A}:key/{#}", "암호화키"),
	crumb("kms", "kms", "{R}KMS-Requests", "Decrypt", "Requests", "0.000003",
		"per KMS request", "arn:aws:kms:{R}:{A}:key/{#}", "암호화키"),
	crumb("sqs", "sqs", "{R}Requests-Tier1", "SendMessage", "Requests", "0.0000004",
		"per Amazon SQS standard request in Tier1", "arn:aws:sqs:{R}:{A}:orders-{#}", "주문큐"),
	instance("cache.r6g.large", "cache", "{R}NodeUsage:cache.r6g.large", "CreateCacheCluster:0002", "0.246",
		4, "세션캐시"),
	instance("search.m6g", "search", "{R}ESInstance:m6g.large.search", "ESDomain", "0.157", 4, "검색"),
	instance("ra3.xlplus", "redshift", "{R}Node:ra3.xlplus", "RunComputeNode:0001", "1.304", 8, "DW"),
	measured("eks", "eks", "{R}AmazonEKS-Hours:perCluster", "CreateOperation", "Hrs", "0.1",
		"per hour - Amazon EKS cluster", "Compute", "arn:aws:eks:{R}:{A}:cluster/main-{#}", "쿠버네티스"),
	measured("ecr", "ecr", "{R}TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "0.1",
		"per GB-month of data storage", "EC2 Container Registry", "arn:aws:ecr:{R}:{A}:repository/app-{#}",
		"이미지"),
	measured("efs", "efs", "{R}TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "0.33",
		"per GB-Mo for Standard storage", "Storage", "arn:aws:elasticfilesystem:{R}:{A}:file-system/fs-0{#}",
		"공유디스크"),
	measured("api", "gateway", "{R}ApiGatewayRequest", "ApiGatewayRequest", "Requests", "0.00000425",
		"per API Gateway request, first 333 million per month", "API Calls",
		"arn:aws:apigateway:{R}::/restapis/{#}", "API"),
	instance("ml.g5.xlarge", "ml", "{R}Host:ml.g5.xlarge", "RunInstance", "1.73", 8, "추론"),
	measured("acl", "waf", "{R}WebACLV2", "WebACLV2", "WebACL", "5",
		"per web ACL per month, prorated by the hour", "Web Application Firewall", "", "방화벽"),
	measured("waf-requests", "waf", "{R}RequestV2-Tier1", "RequestV2", "Requests", "0.0000006",
		"per 1 million requests inspected, per web ACL", "Web Application Firewall", "", "방화벽"),
	measured("secrets", "secrets", "{R}AWSSecretsManager-Secrets", "Secrets", "Secrets", "0.4",
		"per Secret", "Secret", "arn:aws:secretsmanager:{R}:{A}:secret:app-{#}", "비밀값"),
	measured("shards", "kinesis", "{R}Storage-ShardHour", "shardHourStorage", "ShardHour", "0.0185",
		"per provisioned shard-hour", "Kinesis Streams", "arn:aws:kinesis:{R}:{A}:stream/events-{#}", "이벤트"),
})

func instance(kind, of, usageType, operation, rate string, normalized int64, label string) item {
	return item{
		key: kind, service: services[of], usageType: usageType, operation: operation, unit: "Hrs",
		rate: dollars(rate), description: "per On Demand Linux " + kind + " Instance Hour",
		family: "Compute Instance", instance: kind, normalized: normalized, resource: "i-0{#}",
		label: label, whole: true, density: 30,
	}
}

func measured(key, of, usageType, operation, unit, rate, description, family, resource, label string) item {
	return item{
		key: key, service: services[of], usageType: usageType, operation: operation, unit: unit,
		rate: dollars(rate), description: description, family: family, resource: resource,
		label: label, whole: unit == "Hrs" || unit == "Requests", density: 10,
	}
}

func crumb(key, of, usageType, operation, unit, rate, description, resource, label string) item {
	made := measured(key, of, usageType, operation, unit, rate, description, "API Request", resource, label)
	made.crumbs, made.density = true, 14
	return made
}

func indexItems(list []item) map[string]*item {
	index := make(map[string]*item, len(list))
	for i := range list {
		index[list[i].key] = &list[i]
	}
	return index
}
