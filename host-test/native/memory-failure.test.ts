import { MemoryServer, shakeHands, soundOptions } from "./memory-server.js";
import { nativeTest } from "./native-test.js";

const test = await nativeTest();

/**
 * What an allocation that failed may look like instead: mbedTLS takes a check that had no memory for one that did not
 * hold, and one sum that had none goes out as a wrong Finished, which the server answers with an alert.
 */
const HIDDEN = [
	"certificate-untrusted",
	"certificate-weak",
	"certificate-format",
	"signature",
	"alert",
	"protocol",
	"random",
	"configuration",
	"root-format",
];

test("whichever allocation fails, the engine refuses, without a leak", async (t, engine) => {
	const server = new MemoryServer({ maxVersion: "TLSv1.2" });
	await engine.create(soundOptions());
	await shakeHands(engine, server);
	const { allocations } = engine.state;
	server.close();
	const seen = new Map<string, number>();
	// Every one of the first and last, where buffers are made and taken down; every 37th of the sums in between.
	for (let at = 1; at <= allocations; at += at < 400 || at > allocations - 200 ? 1 : 37) {
		const other = new MemoryServer({ maxVersion: "TLSv1.2" });
		await engine.create(soundOptions({ failAllocation: at }));
		await shakeHands(engine, other);
		other.close();
		const { failure, allocations: made } = engine.state;
		seen.set(failure, (seen.get(failure) ?? 0) + 1);
		// Handshakes differ in a few sums: the last of the first may not come up in another.
		const failed = at <= made;
		t.is(failure !== "none", failed, `${at} of ${made}: ${failure}`);
		if (failed) t.true(failure === "memory" || HIDDEN.includes(failure), `${at}: ${failure}`);
	}
	t.true((seen.get("memory") ?? 0) > 0);
	t.log(allocations, Object.fromEntries(seen));
});
