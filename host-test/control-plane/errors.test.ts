/**
 * What thrown values are answered with.
 * @module
 */
import test from "ava";
import { ServiceError } from "../../src/account/index.js";
import { ApiError, errorAnswer, type Service, serviceFaultOf } from "../../src/control-plane/errors.js";

function answerOf(thrown: unknown, service: Service = "iot") {
	const fault = serviceFaultOf(thrown);
	if (fault === undefined) return undefined;
	const { status, headers, body } = errorAnswer(fault, service);
	return { status, type: headers["x-amzn-ErrorType"], body: JSON.parse(body) as unknown };
}

test("an error of the account keeps its type, message and members", (t) => {
	const members = { resourceId: "A", resourceArn: "arn:x" };
	t.deepEqual(answerOf(new ServiceError("ResourceAlreadyExistsException", "m", members)), {
		status: 409,
		type: "ResourceAlreadyExistsException",
		body: { message: "m", ...members },
	});
});

test("a message that AWS leaves null is null", (t) => {
	const thrown = Object.assign(new Error("why, for people"), { type: "InvalidRequestException", awsMessage: null });
	t.deepEqual(answerOf(thrown)?.body, { message: null });
});

test("AWS's message goes before an error's own", (t) => {
	const thrown = Object.assign(new Error("why, for people"), { type: "InvalidResponseException", awsMessage: "m" });
	t.deepEqual(answerOf(thrown), { status: 400, type: "InvalidResponseException", body: { message: "m" } });
});

for (const [service, body] of [
	["iot", { message: "m" }],
	["iot-data", { message: "m" }],
	["lambda", { Type: "User", Message: "m" }],
] as const) {
	test(`the body of an error of ${service} has the service's own form`, (t) => {
		t.deepEqual(answerOf(new ApiError("ResourceNotFoundException", "m"), service)?.body, body);
	});
}

test("Lambda answers with the types of its own model", (t) => {
	t.is(answerOf(new ServiceError("InvalidRequestException", "m"), "lambda")?.type, "InvalidParameterValueException");
	t.is(answerOf(new ServiceError("LimitExceededException", "m"), "lambda")?.status, 400);
});

test("a change that somebody else made meanwhile is a conflict in the words of each service", (t) => {
	const conflict = Object.assign(new Error("m"), { type: "ConflictException" });
	t.deepEqual(answerOf(conflict), { status: 409, type: "ConflictException", body: { message: "m" } });
	t.deepEqual(answerOf(conflict, "iot-data"), answerOf(conflict));
	t.deepEqual(answerOf(conflict, "lambda"), {
		status: 409,
		type: "ResourceConflictException",
		body: { Type: "User", Message: "m" },
	});
});

test("code that cannot be kept is no defect", (t) => {
	const thrown = new ApiError("CodeStorageExceededException", "m");
	t.is(answerOf(thrown, "lambda")?.status, 400);
});

const DEFECTS: readonly unknown[] = [
	new Error("x"),
	Object.assign(new Error("x"), { type: "system" }),
	Object.assign(new Error("x"), { type: "constructor" }),
	Object.assign(new Error("x"), { type: 404 }),
	{ type: "InvalidRequestException", message: "no error" },
	"text",
	undefined,
];
for (const [index, thrown] of DEFECTS.entries()) {
	test(`what is no error of AWS's is a defect (${index})`, (t) => t.is(serviceFaultOf(thrown), undefined));
}
