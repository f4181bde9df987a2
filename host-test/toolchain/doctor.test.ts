import test from "ava";
import { diagnose } from "../../src/toolchain/doctor.js";
import { COMPLETE, type ScriptedMachine, scripted } from "./scripted-machine.js";

function missing(machine: ScriptedMachine): string[] {
	return diagnose(scripted(machine))
		.filter(({ isThere }) => !isThere)
		.map(({ name }) => name);
}

function without(answer: string): ScriptedMachine {
	return { ...COMPLETE, answers: { ...COMPLETE.answers, [answer]: undefined } };
}

test("a machine with everything misses nothing", (t) => {
	t.deepEqual(missing(COMPLETE), []);
});

test("a bare machine misses everything, and is told how to get each", (t) => {
	const findings = diagnose(scripted({}));
	t.true(findings.length >= 10);
	for (const { name, isThere, remedy, neededFor } of findings) {
		t.false(isThere, name);
		t.truthy(remedy, name);
		t.true(neededFor.length > 0, name);
	}
});

test("each thing that is missing is found for itself", (t) => {
	t.deepEqual(missing(without("which mcconfig")), ["mcconfig on PATH"]);
	t.deepEqual(missing(without("tsc --version")), ["TypeScript"]);
	t.deepEqual(missing(without("git --version")), ["git"]);
	t.deepEqual(missing(without("cc -E")), ["C compiler and mbedTLS"]);
	t.deepEqual(missing(without("pkg-config --exists gio-2.0")), ["simulator"]);
	const { IDF_PATH: _, ...environment } = COMPLETE.environment!;
	t.deepEqual(missing({ ...COMPLETE, environment }), ["ESP-IDF", "ESP-IDF v6.0"]);
});

test("other versions than the firmware is written for are found", (t) => {
	for (const version of ["8.1.0", "9.0.0", "8.20.0"]) {
		const answers = { ...COMPLETE.answers, "git -C /sdk describe": version };
		t.deepEqual(missing({ ...COMPLETE, answers }), ["Moddable SDK 8.2"], version);
	}
	for (const version of ["v5.5.5", "v6.1", "v60"]) {
		const answers = { ...COMPLETE.answers, "git -C /idf describe": version };
		t.deepEqual(missing({ ...COMPLETE, answers }), ["ESP-IDF v6.0"], version);
	}
	const answers = { ...COMPLETE.answers, "git -C /idf describe": "v6.0.2" };
	t.deepEqual(missing({ ...COMPLETE, answers }), []);
});

test("a screen of one's own, or one that nobody sees, will do", (t) => {
	const { DISPLAY: _, ...environment } = COMPLETE.environment!;
	t.deepEqual(missing({ ...COMPLETE, environment }), []);
	t.deepEqual(missing({ ...without("which Xvfb"), environment }), ["display"]);
	t.deepEqual(missing(without("which Xvfb")), []);
});

test("what is there needs no remedy", (t) => {
	for (const { name, remedy } of diagnose(scripted(COMPLETE))) t.is(remedy, undefined, name);
});
