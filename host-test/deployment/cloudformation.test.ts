import test from "ava";
import { Account } from "../../src/account/index.js";
import { cloudFormationTemplate, planDeployment } from "../../src/deployment/index.js";
import { ResourceSchema } from "./resource-schema.js";
import { fullPlan, SUBSTITUTED_POLICY } from "./site.js";

const schema = new ResourceSchema();
const template = cloudFormationTemplate(await fullPlan());
const text = JSON.stringify(template);
const ofType = (type: string) =>
	Object.values(template.Resources).flatMap((resource) => (resource.Type === type ? [resource.Properties] : []));

test("a template with one of everything keeps to AWS's resource specification", (t) => {
	t.deepEqual(schema.problems(template), []);
});

test("the check against the specification finds what is wrong", (t) => {
	const Resources = {
		Bad: { Type: "AWS::IoT::Authorizer", Properties: { Status: "ON", Nope: 1 } },
		"Worse-name": { Type: "AWS::IoT::Nothing", Properties: { Ref: "Absent" } },
	};
	t.deepEqual(schema.problems({ ...template, Resources, Outputs: {} }), [
		"Bad.Status: ON is not allowed",
		"Bad.Nope: no such property",
		"Bad.AuthorizerFunctionArn: missing",
		"Worse-name: no logical name",
		"Worse-name: no such type AWS::IoT::Nothing",
		"reference to Absent, which does not exist",
	]);
});

test("authorizers whose names differ in signs alone get logical names of their own", (t) => {
	const names = ofType("AWS::IoT::Authorizer").map(({ AuthorizerName }) => AuthorizerName);
	t.deepEqual(names, ["My=Devices", "My-Devices", "Far"]);
});

test("functions have the permissions that they have here, and no others", (t) => {
	const getArn = (resource: string) => ({ "Fn::GetAtt": [resource, "Arn"] });
	const written = JSON.parse(JSON.stringify(ofType("AWS::Lambda::Permission")));
	t.deepEqual(written, [
		{
			Action: "lambda:InvokeFunction",
			FunctionName: getArn("FunctionExample"),
			Principal: "iot.amazonaws.com",
			SourceArn: getArn("AuthorizerMyDevices"),
			SourceAccount: { Ref: "AWS::AccountId" },
		},
		{
			Action: "lambda:GetFunction",
			FunctionName: getArn("FunctionExample"),
			// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
			Principal: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" },
		},
		{
			Action: "lambda:InvokeFunction",
			FunctionName: getArn("FunctionPackaged"),
			Principal: "iot.amazonaws.com",
			// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
			SourceArn: { "Fn::Sub": "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:authorizer/*" },
		},
	]);
});

test("tags go along", (t) => {
	const tagged = ["AWS::IoT::Authorizer", "AWS::IoT::Policy", "AWS::IoT::DomainConfiguration"].map((type) =>
		ofType(type).flatMap(({ Tags }) => Tags ?? []),
	);
	t.deepEqual(tagged, [
		[{ Key: "team", Value: "devices" }],
		// biome-ignore lint/suspicious/noTemplateCurlyInString: a tag that looks like a template
		[{ Key: "kind", Value: "${if}%{x}" }],
		[{ Key: "stage", Value: "" }],
	]);
});

test("an authorizer without signing has no keys", (t) => {
	const [signed, unsigned] = ofType("AWS::IoT::Authorizer");
	t.deepEqual([signed?.["SigningDisabled"], unsigned?.["SigningDisabled"]], [false, true]);
	t.is(unsigned?.["TokenSigningPublicKeys"], undefined);
	t.truthy(signed?.["TokenSigningPublicKeys"]);
});

test("policies name the account and the region of the deployment, and keep their variables", (t) => {
	t.deepEqual(
		ofType("AWS::IoT::Policy").map(({ PolicyDocument }) => PolicyDocument),
		[SUBSTITUTED_POLICY],
	);
});

test("values of environment variables are asked for, never written", (t) => {
	t.false(text.includes("s3cr3t"));
	const asked = Object.values(template.Parameters ?? {}).filter(({ NoEcho }) => NoEcho === true);
	t.is(asked.length, 1);
});

test("a function that is elsewhere is a parameter", (t) => {
	t.truthy(template.Parameters?.["FunctionArnElsewhere"]);
	t.deepEqual(ofType("AWS::IoT::Authorizer")[2]?.["AuthorizerFunctionArn"], { Ref: "FunctionArnElsewhere" });
});

test("a name of this machine is left to AWS, a domain of one's own needs a certificate", (t) => {
	const [managed, own] = ofType("AWS::IoT::DomainConfiguration");
	t.is(managed?.["DomainName"], undefined);
	t.is(own?.["DomainName"], "iot.example.com");
	t.deepEqual(own?.["ServerCertificateArns"], [{ Ref: "CertificateArnOwnName" }]);
	t.false(text.includes("localhost"));
});

test("a certificate of this account is attached to nothing on AWS", (t) => {
	t.deepEqual(
		ofType("AWS::IoT::PolicyPrincipalAttachment").map(({ Principal }) => Principal),
		["eu-west-1:01234567-89ab-cdef-0123-456789abcdef"],
	);
});

test("nothing names the account that the template was made of", (t) => {
	t.false(text.includes("123456789012"));
});

test("an account with nothing in it is an empty template", async (t) => {
	const empty = cloudFormationTemplate(await planDeployment(new Account({})));
	t.deepEqual([empty.Resources, empty.Outputs, empty.Parameters], [{}, {}, undefined]);
});
