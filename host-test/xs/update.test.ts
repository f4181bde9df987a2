/**
 * An update in XS, hashed by the device's own C and signed by Node: key, signature, pace and image are the device's whole.
 * @module
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { type ChunkRequest, canonicalText, encodeDataMessage } from "../../src/device/update/offer.js";
import { nativeTest } from "./engine-test.js";
import { fakePorts } from "./fake-ports.js";
import { bundleGuest, type XsEngine, XsGuest } from "./index.js";

const TOPIC = "devices/dev1/update";
const SIZE = 20_000;

const test = await nativeTest();
const { text: program } = await bundleGuest(fileURLToPath(new URL("guest/update.ts", import.meta.url)));
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const image = randomBytes(SIZE);

/** What the guest told, in order. */
interface Told {
	readonly event?: string;
	readonly code?: string;
	readonly to?: string;
	readonly payload?: string;
	readonly completed?: string;
	readonly restart?: boolean;
}

/** A device that was offered {@link image} and is served `served`. */
async function update(t: ExecutionContext, engine: XsEngine, served: Buffer): Promise<Told[]> {
	const told: Told[] = [];
	const guest = await XsGuest.start({
		engine,
		program,
		ports: fakePorts(),
		onEvent: (event) => told.push(event as Told),
		onError: (error) => t.fail(error.message),
	});
	t.teardown(() => guest.close());
	const send = (name: string, payload: Uint8Array) =>
		guest.run("message", { topic: `${TOPIC}/${name}`, payload: Buffer.from(payload).toString("base64") });
	await guest.run("start", { topic: TOPIC, publicKey: publicKey.export({ type: "spki", format: "pem" }) });
	const description = { version: 2, size: SIZE, sha256: createHash("sha256").update(image).digest("hex") };
	const signature = sign("sha256", Buffer.from(canonicalText(description)), privateKey).toString("base64");
	await send("offer", Buffer.from(JSON.stringify({ ...description, signature })));
	for (let at = 0; at < told.length; at++) {
		const { to, payload } = told[at]!;
		if (to !== `${TOPIC}/request`) continue;
		const request = JSON.parse(Buffer.from(payload!, "base64").toString()) as ChunkRequest;
		const { version, offset, length } = request;
		await send("data", encodeDataMessage({ version, offset, bytes: served.subarray(offset, offset + length) }));
	}
	return told;
}

test("a signed image is received, completed and booted", async (t, engine) => {
	const told = await update(t, engine, image);
	t.is(told.find(({ completed }) => completed !== undefined)?.completed, image.toString("base64"));
	t.is(told.filter(({ to }) => to === `${TOPIC}/request`).length, 5);
	t.true(told.at(-1)?.restart);
});

test("an image with one bit turned over is not", async (t, engine) => {
	const wrong = Buffer.from(image);
	wrong[SIZE - 1]! ^= 1;
	const told = await update(t, engine, wrong);
	t.false(told.some(({ completed, restart }) => completed !== undefined || restart));
	t.like(told.at(-1), { event: "update-failed", code: "hash-mismatch" });
});
