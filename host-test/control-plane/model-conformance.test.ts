/**
 * Every operation is what AWS's API model says, but for the differences that are listed here, each with its reason.
 * @module
 */
import test from "ava";
import { allOperations } from "../../src/control-plane/index.js";
import { differencesFromModel, readModels } from "./model-conformance.js";

/** Differences that are meant, and why. One that no longer occurs fails the test. */
const MEANT: readonly (readonly [RegExp, string])[] = [
	[/ error (?:ThrottlingException|TooManyRequestsException): in the model only$/, "Latchkey does not throttle"],
	[/ error UnauthorizedException: in the model only$/, "who may call an operation is not judged"],
	[/ error ServiceUnavailableException: in the model only$/, "nothing is behind Latchkey that could be away"],
	[/ error InternalFailureException: in the model only$/, "defects are answered for all operations alike"],
	[/ error PreconditionFailedException: in the model only$/, "RevisionId is refused by name"],
	[
		/ error \w*Code(?:Signing|Signature|Verification|Storage)\w*: in the model only$/,
		"code is neither signed nor limited",
	],
	[
		/^(?:UpdateFunctionCode|DeleteFunction) error ResourceConflictException: in the model only$/,
		"changes wait for each other",
	],
	[
		/^Invoke error (?:\w*EC2|EFS|ENI|KMS|SnapStart|Subnet|Invalid(?:Subnet|Security|Zip|Runtime)|Resource(?:Conflict|NotReady))\w*: in the model only$/,
		"functions have neither networks nor keys, and no state but to be there",
	],
	[/^Invoke error UnsupportedMediaTypeException: in the model only$/, "a payload is JSON whatever its type says"],
	[/^CreateFunction\.Runtime words: /, "AWS adds runtimes every year; the operation refuses what is no Node.js"],
	[
		/^(?:Create|Update)DomainConfiguration\.(?:tlsConfig|serverCertificateConfig|authenticationType|applicationProtocol|clientCertificateConfig): not in the model$/,
		"of a later model than that of 2022",
	],
	[/^Publish\.messageExpiry min: 0, in the model undefined$/, "no time is negative"],
];

const models = readModels();
const occurred = new Set<RegExp>();

for (const operation of models === undefined ? [] : allOperations) {
	const model = models?.[operation.service];
	if (model === undefined) throw new TypeError(`no model of ${operation.service}`);
	const differences = differencesFromModel(operation, model).filter((difference) => {
		const meant = MEANT.filter(([pattern]) => pattern.test(difference));
		for (const [pattern] of meant) occurred.add(pattern);
		return meant.length === 0;
	});
	test(`${operation.service} ${operation.name} is as AWS models it`, (t) => t.deepEqual(differences, []));
}

test("every difference that is meant is one", (t) => {
	const idle = models === undefined ? [] : MEANT.filter(([pattern]) => !occurred.has(pattern));
	t.deepEqual(idle, []);
});

test("a difference of any kind is found", (t) => {
	const model = models?.lambda;
	const operation = allOperations.find(({ name }) => name === "ListFunctions");
	if (model === undefined || operation === undefined) {
		t.pass("the AWS CLI is not installed");
		return;
	}
	const changed = {
		...operation,
		method: "POST",
		path: "/elsewhere",
		status: 201,
		errors: [...operation.errors, "InvalidResponseException"],
		input: {
			type: "structure",
			required: ["Marker"],
			members: {
				Marker: { type: "string", max: 5 },
				MaxItems: { location: "header", wireName: "X", shape: { type: "boolean" } },
				FunctionVersion: { location: "query", shape: { type: "word", words: ["SOME"] } },
				Other: { type: "string" },
			},
		},
	} as const;
	t.deepEqual(
		differencesFromModel(changed, model).filter((difference) => !difference.includes("TooManyRequests")),
		[
			'ListFunctions method: "POST", in the model "GET"',
			'ListFunctions path: "/elsewhere", in the model "/2015-03-31/functions"',
			"ListFunctions status: 201, in the model 200",
			"ListFunctions error InvalidResponseException: not in the model",
			"ListFunctions.MasterRegion: in the model only",
			"ListFunctions.Marker required: true, in the model false",
			'ListFunctions.Marker location: "body Marker", in the model "query marker"',
			"ListFunctions.Marker max: 5, in the model undefined",
			'ListFunctions.MaxItems location: "header x", in the model "query maxitems"',
			'ListFunctions.MaxItems type: "boolean", in the model "integer"',
			'ListFunctions.FunctionVersion words: ["SOME"], in the model ["ALL"]',
			"ListFunctions.Other: not in the model",
		],
	);
});
