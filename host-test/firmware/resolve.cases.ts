/**
 * A resolver with a bound around one without.
 * @module
 */
import { boundedResolve, type LookUp } from "../../src/firmware/resolve.js";
import type { Cases } from "../device/case.js";
import { VirtualClock } from "../device/world.js";

function resolver() {
	const clock = new VirtualClock();
	const faults: string[] = [];
	const questions: { host: string; answer: Parameters<LookUp>[1] }[] = [];
	const answers: (string | undefined)[] = [];
	const resolve = boundedResolve(
		(host, answer) => void questions.push({ host, answer }),
		clock,
		(where, error) => void faults.push(`${where}: ${String(error)}`),
	);
	return { clock, faults, questions, answers, resolve, note: (address?: string) => void answers.push(address) };
}

export const cases: Cases = {
	"the platform's answer is handed on, and its timer ends"(check) {
		const { resolve, questions, answers, clock, note } = resolver();
		resolve("gateway.lan", note);
		check.is(questions[0]!.host, "gateway.lan");
		questions[0]!.answer("gateway.lan", "192.0.2.7");
		check.same([answers, clock.pending], [["192.0.2.7"], 0]);
	},

	"a name without an address is told as such"(check) {
		const { resolve, questions, answers, note } = resolver();
		resolve("nowhere.invalid", note);
		questions[0]!.answer("nowhere.invalid");
		check.same(answers, [undefined]);
		check.is(answers.length, 1);
	},

	"after 20 seconds there is no address, and what comes later is dropped"(check) {
		const { resolve, questions, answers, clock, note } = resolver();
		resolve("slow.lan", note);
		clock.advance(19_999);
		check.is(answers.length, 0);
		clock.advance(1);
		check.is(answers.length, 1);
		questions[0]!.answer("slow.lan", "192.0.2.7");
		check.is(answers.length, 1);
	},

	"a second answer is dropped"(check) {
		const { resolve, questions, answers, note } = resolver();
		resolve("gateway.lan", note);
		questions[0]!.answer("gateway.lan", "192.0.2.7");
		questions[0]!.answer("gateway.lan", "192.0.2.8");
		check.same(answers, ["192.0.2.7"]);
	},

	"a platform that throws leaves no timer behind"(check) {
		const clock = new VirtualClock();
		const resolve = boundedResolve(
			() => {
				throw new Error("the queue is full");
			},
			clock,
			() => {},
		);
		check.throws(() => resolve("gateway.lan", () => {}), { message: "the queue is full" });
		check.is(clock.pending, 0);
	},

	"what the owner throws stays out of the platform's callback"(check) {
		const { resolve, questions, faults } = resolver();
		resolve("gateway.lan", () => {
			throw new TypeError("no such socket");
		});
		questions[0]!.answer("gateway.lan", "192.0.2.7");
		check.same(faults, ["resolver: TypeError: no such socket"]);
	},
};
