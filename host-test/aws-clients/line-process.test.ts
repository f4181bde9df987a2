/** @module */
import test from "ava";
import { LineProcess } from "./line-process.js";

/** A program that answers lines by a script of Node's. */
function start(script: string): LineProcess {
	const program = `require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => { ${script} })`;
	return new LineProcess(process.execPath, ["-e", program], {});
}

test("lines are answered in their order", async (t) => {
	const echo = start("console.log(line)");
	t.deepEqual(await Promise.all([1, "two", { three: 3 }].map((value) => echo.ask(value))), [1, "two", { three: 3 }]);
	await echo.close();
});

test("whoever waits is told when the program dies, and so is whoever asks afterwards", async (t) => {
	const mortal = start('process.kill(process.pid, "SIGALRM")');
	const asked = await Promise.allSettled([mortal.ask(1), mortal.ask(2)]);
	for (const { status } of asked) t.is(status, "rejected");
	await t.throwsAsync(mortal.ask(3), { message: /ended with SIGALRM/ });
	await mortal.close();
});

test("a last answer is heard, although the program ends with it", async (t) => {
	const last = start("console.log(line); process.exit(3)");
	t.is(await last.ask("last"), "last");
	await t.throwsAsync(last.ask("more"), { message: /ended with exit code 3/ });
	await last.close();
});

test("a program that is not there is told", async (t) => {
	const absent = new LineProcess("/nonexistent/program", [], {});
	await t.throwsAsync(absent.ask(1), { code: "ENOENT" });
	await t.throwsAsync(absent.ask(2), { code: "ENOENT" });
	await absent.close();
});
