/**
 * The policies of AWS's own documentation with what the text beside them says they do.
 * @module
 */
import test from "ava";
import {
	evaluatePolicies,
	iotArn,
	type PolicyContext,
	type PolicyOutcome,
	parsePolicyDocument,
} from "../../src/policy/index.js";

const scope = { region: "us-east-1", accountId: "123456789012" };
const client = (name: string) => iotArn(scope, "client", name);
const topic = (name: string) => iotArn(scope, "topic", name);
const filter = (name: string) => iotArn(scope, "topicfilter", name);

type Request = readonly [action: string, resource: string, context: PolicyContext, outcome: PolicyOutcome];

interface Example {
	/** Page of the AWS IoT Core Developer Guide, unless another guide is named, and what the example is for. */
	readonly source: string;
	readonly statements: readonly object[];
	readonly requests: readonly Request[];
}

const yes = "ALLOWED";
const no = "IMPLICIT_DENY";
const denied = "EXPLICIT_DENY";

const allow = (action: string, resource: string | readonly string[], Condition: object = {}) => {
	return { Effect: "Allow", Action: [`iot:${action}`], Resource: resource, Condition };
};
const deny = (action: string, resource: string | readonly string[], Condition: object = {}) => {
	return { ...allow(action, resource, Condition), Effect: "Deny" };
};

const THING = `\${iot:Connection.Thing.ThingName}`;
const thing1 = { "iot:Connection.Thing.ThingName": "thing1", "iot:ClientId": "thing1" };
const client1 = { "iot:ClientId": "client1" };

const basics: readonly Example[] = [
	{
		source: "Basic AWS IoT Core policy variables: the client id in a topic, an address as condition",
		statements: [
			allow("Connect", [client("clientid1")]),
			allow("Publish", [topic(`my/topic/\${iot:ClientId}`)], { IpAddress: { "aws:SourceIp": "123.45.167.89" } }),
		],
		requests: [
			["iot:Connect", client("clientid1"), {}, yes],
			["iot:Connect", client("clientid2"), {}, no],
			["iot:Publish", topic("my/topic/d1"), { "iot:ClientId": "d1", "aws:SourceIp": "123.45.167.89" }, yes],
			["iot:Publish", topic("my/topic/d1"), { "iot:ClientId": "d1", "aws:SourceIp": "123.45.167.90" }, no],
			["iot:Publish", topic("my/topic/d2"), { "iot:ClientId": "d1", "aws:SourceIp": "123.45.167.89" }, no],
		],
	},
	{
		source: "Basic AWS IoT Core policy variables: a client id `+` opens the filter `my/+/topic`",
		statements: [allow("Subscribe", [filter(`my/\${iot:ClientId}/topic`)])],
		requests: [
			["iot:Subscribe", filter("my/+/topic"), { "iot:ClientId": "+" }, yes],
			["iot:Subscribe", filter("my/+/topic"), { "iot:ClientId": "d1" }, no],
		],
	},
	{
		source: "Connect policy examples: two client ids denied, the thing's own allowed",
		statements: [
			deny("Connect", [client("client1"), client("client2")]),
			allow("Connect", [client(THING)], { Bool: { "iot:Connection.Thing.IsAttached": "true" } }),
		],
		requests: [
			["iot:Connect", client("thing1"), { ...thing1, "iot:Connection.Thing.IsAttached": "true" }, yes],
			["iot:Connect", client("thing1"), { ...thing1, "iot:Connection.Thing.IsAttached": "false" }, no],
			["iot:Connect", client("thing1"), {}, no],
			["iot:Connect", client("client2"), { "iot:Connection.Thing.ThingName": "client2" }, denied],
		],
	},
	{
		source: "Publish/Subscribe policy examples: topics below the client id",
		statements: [
			allow("Connect", [client("client1"), client("client2")]),
			allow("Publish", [topic(`\${iot:ClientId}/*`)]),
		],
		requests: [
			["iot:Connect", client("client2"), {}, yes],
			["iot:Publish", topic("client1/a/b"), client1, yes],
			["iot:Publish", topic("client2/a"), client1, no],
		],
	},
	{
		source: "Publish/Subscribe policy examples: all below the client id but one topic",
		statements: [allow("Publish", [topic(`\${iot:ClientId}/*`)]), deny("Publish", [topic(`\${iot:ClientId}/bar`)])],
		requests: [
			["iot:Publish", topic("client1/foo"), client1, yes],
			["iot:Publish", topic("client1/bar"), client1, denied],
		],
	},
	{
		source: "Publish/Subscribe policy examples: rooms of a thing",
		statements: [allow("Subscribe", [filter(`${THING}/room*`)]), allow("Receive", [topic(`${THING}/room*`)])],
		requests: [
			["iot:Subscribe", filter("thing1/room1"), thing1, yes],
			["iot:Subscribe", filter("thing1/+"), thing1, no],
			["iot:Receive", topic("thing1/room2"), thing1, yes],
			["iot:Receive", topic("thing2/room2"), thing1, no],
		],
	},
	{
		source: "Publish/Subscribe policy examples: wildcards of policies, MQTT's as literals",
		statements: [
			allow("Subscribe", [filter("some/+/topic"), filter("any/*/topic"), filter("some/sensor???/topic")]),
			allow("Publish", topic("some/?????/topic")),
		],
		requests: [
			["iot:Subscribe", filter("some/+/topic"), {}, yes],
			["iot:Subscribe", filter("some/string1/topic"), {}, no],
			["iot:Subscribe", filter("any/string1/topic"), {}, yes],
			["iot:Subscribe", filter("any/a/b/topic"), {}, yes],
			["iot:Subscribe", filter("some/sensor123/topic"), {}, yes],
			["iot:Subscribe", filter("some/sensor12/topic"), {}, no],
			["iot:Publish", topic("some/12345/topic"), {}, yes],
			["iot:Publish", topic("some/123456/topic"), {}, no],
		],
	},
	{
		source:
			"Publish/Subscribe policy examples: a denied filter does not stop a wider one, Receive with NotResource does",
		statements: [
			allow("Subscribe", filter("a/*")),
			deny("Subscribe", filter("a/restricted/*")),
			{ Effect: "Allow", Action: "iot:Receive", NotResource: topic("a/restricted/*") },
		],
		requests: [
			["iot:Subscribe", filter("a/#"), {}, yes],
			["iot:Subscribe", filter("a/restricted/b"), {}, denied],
			["iot:Receive", topic("a/b"), {}, yes],
			["iot:Receive", topic("a/restricted/b"), {}, no],
		],
	},
	{
		source: "Publish/Subscribe policy examples: Receive denied on a topic that may be subscribed to",
		statements: [allow("Subscribe", filter("device/update")), deny("Receive", topic("device/update"))],
		requests: [
			["iot:Subscribe", filter("device/update"), {}, yes],
			["iot:Receive", topic("device/update"), {}, denied],
		],
	},
	{
		source: "Retained message policy examples: publish, list and get",
		statements: [
			allow("Connect", [client("device1")]),
			{
				Effect: "Allow",
				Action: ["iot:Publish", "iot:RetainPublish"],
				Resource: [topic("device/sample/configuration")],
			},
			allow("ListRetainedMessages", ["*"]),
			allow("GetRetainedMessage", [topic("foo")]),
		],
		requests: [
			["iot:RetainPublish", topic("device/sample/configuration"), {}, yes],
			["iot:RetainPublish", topic("device/sample"), {}, no],
			["iot:ListRetainedMessages", "*", {}, yes],
			["iot:GetRetainedMessage", topic("foo"), {}, yes],
			["iot:GetRetainedMessage", topic("bar"), {}, no],
		],
	},
	{
		source: "Thing policy examples: type, attribute and attachment of a thing",
		statements: [
			allow("Publish", topic("device/stats"), {
				StringEquals: {
					"iot:Connection.Thing.Attributes[attributeName]": "attributeValue",
					"iot:Connection.Thing.ThingTypeName": "Thing_Type_Name",
				},
				Bool: { "iot:Connection.Thing.IsAttached": "true" },
			}),
			allow("Publish", topic(`\${iot:Connection.Thing.Attributes[attributeName]}/*`)),
		],
		requests: [
			[
				"iot:Publish",
				topic("device/stats"),
				{
					"iot:Connection.Thing.Attributes[attributeName]": "attributeValue",
					"iot:Connection.Thing.ThingTypeName": "Thing_Type_Name",
					"iot:Connection.Thing.IsAttached": "true",
				},
				yes,
			],
			[
				"iot:Publish",
				topic("device/stats"),
				{ "iot:Connection.Thing.ThingTypeName": "Thing_Type_Name", "iot:Connection.Thing.IsAttached": "true" },
				no,
			],
			["iot:Publish", topic("kitchen/a"), { "iot:Connection.Thing.Attributes[attributeName]": "kitchen" }, yes],
			["iot:Publish", topic("kitchen/a"), {}, no],
		],
	},
	{
		source: "Certificate policy examples and X.509 Certificate policy variables: one name, the second, any, all",
		statements: [
			allow("Publish", [topic(`\${iot:Certificate.Subject.CommonName}`)]),
			allow("Publish", [topic("admin/*")], {
				StringEquals: { "iot:Certificate.Subject.CommonName.2": "Administrator" },
			}),
			allow("Publish", [topic("admin")], {
				"ForAnyValue:StringEquals": { "iot:Certificate.Subject.CommonName.List": "Administrator" },
			}),
			allow("Publish", [topic("company")], {
				"ForAllValues:StringEquals": {
					"iot:Certificate.Subject.Organization.List": ["Example Corp", "AnyCompany"],
				},
			}),
		],
		requests: [
			["iot:Publish", topic("cn"), { "iot:Certificate.Subject.CommonName": "cn" }, yes],
			["iot:Publish", topic("cn"), {}, no],
			["iot:Publish", topic("admin/a"), { "iot:Certificate.Subject.CommonName.2": "Administrator" }, yes],
			["iot:Publish", topic("admin/a"), { "iot:Certificate.Subject.CommonName": "Administrator" }, no],
			["iot:Publish", topic("admin"), { "iot:Certificate.Subject.CommonName.List": ["a", "Administrator"] }, yes],
			["iot:Publish", topic("admin"), { "iot:Certificate.Subject.CommonName.List": ["a"] }, no],
			["iot:Publish", topic("company"), { "iot:Certificate.Subject.Organization.List": ["AnyCompany"] }, yes],
			["iot:Publish", topic("company"), { "iot:Certificate.Subject.Organization.List": ["AnyCompany", "x"] }, no],
		],
	},
	{
		source: "Test command of the guide's custom authentication pages: everything for everybody",
		statements: [{ Effect: "Allow", Action: "iot:*", Resource: "*" }],
		requests: [
			["iot:Connect", client("a"), {}, yes],
			["s3:GetObject", "*", {}, no],
		],
	},
];

const P = "PersistentConnect";
const W = "LastWill";
const connectWith = (...attributes: string[]) => ({ "iot:ConnectAttributes": attributes });
const attributes = (operator: string, ...values: string[]) => ({ [operator]: { "iot:ConnectAttributes": values } });

/** Each with the outcome for a CONNECT without attributes, with P, with W, with both, and with a new feature N. */
const connectAttributes: readonly (readonly [text: string, statements: object[], outcomes: PolicyOutcome[]])[] = [
	[
		"allows PersistentConnect",
		[allow("Connect", "*", attributes("ForAllValues:StringEquals", P))],
		[yes, yes, no, no, no],
	],
	[
		"disallows PersistentConnect, other features are allowed",
		[allow("Connect", "*", attributes("ForAllValues:StringNotEquals", P))],
		[yes, no, yes, no, yes],
	],
	[
		"the same with StringEquals",
		[allow("Connect", "*"), deny("Connect", "*", attributes("ForAnyValue:StringEquals", P))],
		[yes, denied, yes, denied, yes],
	],
	[
		"allows PersistentConnect and LastWill, no new feature",
		[allow("Connect", "*", attributes("ForAllValues:StringEquals", P, W))],
		[yes, yes, yes, yes, no],
	],
	[
		"allows clean connect with or without LastWill",
		[allow("Connect", "*", attributes("ForAllValues:StringEquals", W))],
		[yes, no, yes, no, no],
	],
	[
		"allows default features only",
		[allow("Connect", "*", attributes("ForAllValues:StringEquals"))],
		[yes, no, no, no, no],
	],
	[
		"allows connect only with PersistentConnect",
		[allow("Connect", "*", attributes("ForAnyValue:StringEquals", P))],
		[no, yes, no, yes, no],
	],
	[
		"asks for PersistentConnect and LastWill together",
		[
			allow("Connect", "*", attributes("ForAllValues:StringEquals", P, W)),
			deny("Connect", "*", attributes("ForAllValues:StringEquals", P)),
			deny("Connect", "*", attributes("ForAllValues:StringEquals", W)),
			deny("Connect", "*", attributes("ForAllValues:StringEquals")),
		],
		[denied, denied, denied, yes, no],
	],
	[
		"must not have PersistentConnect, may have LastWill",
		[
			deny("Connect", "*", attributes("ForAnyValue:StringEquals", P)),
			allow("Connect", "*", attributes("ForAllValues:StringEquals", W)),
		],
		[yes, denied, yes, denied, no],
	],
];

const persistentSessions = connectAttributes.map(([text, statements, outcomes]): Example => {
	const requests = [[], [P], [W], [P, W], ["N"]].map((list, index): Request => {
		return ["iot:Connect", client("a"), connectWith(...list), outcomes[index] ?? no];
	});
	return { source: `Connect policy examples, MQTT persistent sessions: ${text}`, statements, requests };
});

const LAST_WILL = {
	ArnEquals: { "iot:LastWillTopic": "arn:aws:iot:*region*:*account-id*:topic/*my/lastwill/topicName*" },
};

const others: readonly Example[] = [
	{
		source: "Connect policy examples: only with a will on one topic, and only clean",
		statements: [
			allow("Connect", "*", {
				ArnEquals: { "iot:LastWillTopic": "arn:aws:iot:us-east-*:123456789012:topic/my/lastwill/topicName" },
			}),
			deny("Connect", "*", attributes("ForAnyValue:StringEquals", P)),
		],
		requests: [
			["iot:Connect", client("a"), { ...connectWith(W), "iot:LastWillTopic": topic("my/lastwill/topicName") }, yes],
			["iot:Connect", client("a"), { ...connectWith(W), "iot:LastWillTopic": topic("my/lastwill") }, no],
			[
				"iot:Connect",
				client("a"),
				{ ...connectWith(W, P), "iot:LastWillTopic": topic("my/lastwill/topicName") },
				denied,
			],
			["iot:Connect", client("a"), connectWith(), no],
		],
	},
	{
		source: "Connect policy examples: the will's topic as the guide prints it, its emphasis marks become wildcards",
		statements: [allow("Connect", "*", LAST_WILL)],
		requests: [
			[
				"iot:Connect",
				client("a"),
				{ "iot:LastWillTopic": "arn:aws:iot:a-region-1:the-account-id:topic/my/lastwill/topicName" },
				yes,
			],
			["iot:Connect", client("a"), { "iot:LastWillTopic": topic("my/lastwill/topicName") }, no],
		],
	},
	{
		source: "IAM User Guide, IAM policy elements: Variables and tags: special characters",
		statements: [allow("Publish", topic(`a/\${*}/\${?}/\${$}{x}`))],
		requests: [
			["iot:Publish", topic(`a/*/?/\${x}`), {}, yes],
			["iot:Publish", topic(`a/b/c/\${x}`), {}, no],
		],
	},
	{
		source: "IAM User Guide, IAM policy elements: Variables and tags: default values",
		statements: [allow("Publish", topic(`bucket-\${aws:PrincipalTag/team, 'company-wide'}`))],
		requests: [
			["iot:Publish", topic("bucket-yellow"), { "aws:PrincipalTag/team": "yellow" }, yes],
			["iot:Publish", topic("bucket-company-wide"), { "aws:PrincipalTag/team": "yellow" }, no],
			["iot:Publish", topic("bucket-company-wide"), {}, yes],
		],
	},
	{
		source: "IAM User Guide, IAM JSON policy elements: Condition operators: ...IfExists",
		statements: [allow("*", "*", { StringLikeIfExists: { "ec2:InstanceType": ["t1.*", "t2.*", "m3.*"] } })],
		requests: [
			["iot:Connect", client("a"), { "ec2:InstanceType": "t2.micro" }, yes],
			["iot:Connect", client("a"), { "ec2:InstanceType": "c5.large" }, no],
			["iot:Connect", client("a"), {}, yes],
		],
	},
	{
		source: "IAM User Guide, IAM JSON policy elements: Condition operators: Null",
		statements: [allow("*", "*", { Null: { "aws:TokenIssueTime": "true" } })],
		requests: [
			["iot:Connect", client("a"), {}, yes],
			["iot:Connect", client("a"), { "aws:TokenIssueTime": "2020-01-01T00:00:01Z" }, no],
		],
	},
	{
		source: "IAM User Guide, Creating a condition with multiple keys or values: attributes of a table",
		statements: [
			allow("*", "*", { "ForAllValues:StringEquals": { "dynamodb:Attributes": ["ID", "Message", "Tags"] } }),
			deny("*", "*", { "ForAnyValue:StringEquals": { "dynamodb:Forbidden": ["ID", "PostDateTime"] } }),
		],
		requests: [
			["iot:Connect", client("a"), { "dynamodb:Attributes": ["ID", "Message"] }, yes],
			["iot:Connect", client("a"), { "dynamodb:Attributes": ["ID", "UserName"] }, no],
			[
				"iot:Connect",
				client("a"),
				{ "dynamodb:Attributes": ["ID"], "dynamodb:Forbidden": ["UserName", "Message", "PostDateTime"] },
				denied,
			],
			["iot:Connect", client("a"), { "dynamodb:Attributes": ["ID"], "dynamodb:Forbidden": ["UserName"] }, yes],
		],
	},
	{
		source: "Confirming access to a custom authorizer's function: aws:SourceArn and aws:SourceAccount in other letters",
		statements: [
			allow("*", "*", {
				ArnLike: { "AWS:SourceArn": "arn:aws:iot:us-east-1:111111111111:authorizer/AuthorizerName" },
				StringEquals: { "AWS:SourceAccount": "111111111111" },
			}),
		],
		requests: [
			[
				"iot:Connect",
				"*",
				{
					"aws:SourceArn": "arn:aws:iot:us-east-1:111111111111:authorizer/AuthorizerName",
					"aws:SourceAccount": "111111111111",
				},
				yes,
			],
			["iot:Connect", "*", { "aws:SourceArn": "arn:aws:iot:us-east-1:111111111111:authorizer/AuthorizerName" }, no],
		],
	},
];

for (const { source, statements, requests } of [...basics, ...persistentSessions, ...others]) {
	test(source, (t) => {
		const document = parsePolicyDocument(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
		for (const [action, resource, context, outcome] of requests) {
			const decision = evaluatePolicies([{ name: "p", document }], { action, resource, context });
			t.is(decision.outcome, outcome, `${action} ${resource} ${JSON.stringify(context)}: ${decision.explanation}`);
		}
	});
}
