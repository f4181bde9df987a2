import test from "ava";
import { Account } from "../../src/account/index.js";
import { cloudFormationTemplate, planDeployment } from "../../src/deployment/index.js";
import { ResourceSchema } from "./resource-schema.js";
import { fullPlan, POLICY } from "./site.js";

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

test("each authorizer may invoke its function, for this account alone", (t) => {
	const permissions = ofType("AWS::Lambda::Permission");
	t.is(permissions.length, 3);
	for (const { Principal, Action, SourceArn, SourceAccount } of permissions) {
		t.deepEqual(
			[Principal, Action, SourceAccount],
			["iot.amazonaws.com", "lambda:InvokeFunction", { Ref: "AWS::AccountId" }],
		);
		t.truthy(SourceArn);
	}
});

test("an authorizer without signing has no keys", (t) => {
	const [signed, unsigned] = ofType("AWS::IoT::Authorizer");
	t.deepEqual([signed?.["SigningDisabled"], unsigned?.["SigningDisabled"]], [false, true]);
	t.is(unsigned?.["TokenSigningPublicKeys"], undefined);
	t.truthy(signed?.["TokenSigningPublicKeys"]);
});

test("policies go along as they are", (t) => {
	t.deepEqual(
		ofType("AWS::IoT::Policy").map(({ PolicyDocument }) => PolicyDocument),
		[POLICY],
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

test("an account with nothing in it is an empty template", async (t) => {
	const empty = cloudFormationTemplate(await planDeployment(new Account({})));
	t.deepEqual([empty.Resources, empty.Outputs, empty.Parameters], [{}, {}, undefined]);
});
