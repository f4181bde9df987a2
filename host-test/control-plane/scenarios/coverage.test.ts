/** The scenarios against the table of operations: nothing is left out. */
import test from "ava";
import { allOperations } from "../../../src/control-plane/index.js";
import type { ClientName } from "../clients/client.js";
import { operationsTested, scenarios } from "./index.js";

const CLIENTS: readonly ClientName[] = ["AWS CLI", "AWS SDK for JavaScript v3", "boto3"];

/** Errors of AWS's model that nothing in Latchkey brings about, by reason; those without an operation are of all. */
const OUT_OF_REACH: Readonly<Record<string, readonly string[]>> = {
	"a defect of Latchkey's own": ["ServiceException"],
	"operations that AWS has switched off": ["MethodNotAllowedException"],
	"certificates are made by the development CA": ["CertificateValidationException"],
	"there is nothing in the input that could be wrong": [
		"iot:DescribeDefaultAuthorizer InvalidRequestException",
		"iot:ClearDefaultAuthorizer InvalidRequestException",
	],
	"nothing is added that a limit would be for": [
		"iot:UpdateAuthorizer LimitExceededException",
		"iot:TestAuthorization LimitExceededException",
		"iot:DetachPolicy LimitExceededException",
		"iot:ListAttachedPolicies LimitExceededException",
		"iot:ListTargetsForPolicy LimitExceededException",
		"iot:GetEffectivePolicies LimitExceededException",
	],
	"what is unknown has an empty list": [
		"iot:ListAttachedPolicies ResourceNotFoundException",
		"iot:ListTagsForResource ResourceNotFoundException",
	],
	"a topic that cannot be has no message": ["iot-data:GetRetainedMessage InvalidRequestException"],
	"no disk is full here": ["CodeStorageExceededException"],
	"a role need not exist": ["lambda:CreateFunction ResourceNotFoundException"],
};

const steps = scenarios.flatMap((scenario) => scenario.steps);
const keyOf = ({ service, name }: { readonly service: string; readonly name: string }) => `${service}:${name}`;

for (const client of CLIENTS) {
	test(`${client} calls every operation of the table and no other`, (t) => {
		t.deepEqual([...operationsTested(client).keys()].sort(), allOperations.map(keyOf).sort());
	});
}

test("every operation succeeds in some scenario and fails in some", (t) => {
	const played = (fails: boolean) =>
		new Set(
			steps.filter(({ error }) => (error !== undefined) === fails).map((step) => `${step.service}:${step.operation}`),
		);
	const [succeeding, failing] = [played(false), played(true)];
	t.deepEqual(
		allOperations.map(keyOf).filter((key) => !succeeding.has(key)),
		[],
	);
	t.deepEqual(
		allOperations.map(keyOf).filter((key) => !failing.has(key)),
		[],
	);
});

test("every error type that the table promises comes in some scenario, but for those out of reach", (t) => {
	const seen = new Set(steps.map(({ service, operation, error }) => `${service}:${operation} ${error?.type}`));
	const unseen = allOperations
		.flatMap((operation) => operation.errors.map((type) => `${keyOf(operation)} ${type}`))
		.filter((promise) => !seen.has(promise));
	const outOfReach = Object.values(OUT_OF_REACH).flat();
	const left = unseen.filter(
		(promise) => !outOfReach.some((entry) => promise === entry || promise.endsWith(` ${entry}`)),
	);
	t.deepEqual(left, []);
	const stale = outOfReach.filter(
		(entry) => !unseen.some((promise) => promise === entry || promise.endsWith(` ${entry}`)),
	);
	t.deepEqual(stale, []);
});

test("titles are told apart", (t) => {
	t.is(new Set(scenarios.map(({ title }) => title)).size, scenarios.length);
});
