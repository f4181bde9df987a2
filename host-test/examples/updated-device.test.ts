/**
 * The updated device of the examples, in XS, against the gateway: an image is the device's whole program, and the next one
 * comes over MQTT, is written, booted, and kept or taken back.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { FirmwareFolder, imageOf } from "../../src/host/firmware-folder.js";
import { FirmwareRelease } from "../../src/host/firmware-release.js";
import type { DeviceEvent } from "../../src/host/virtual-device.js";
import { createPemPair } from "../authorizer/keys.js";
import { Field } from "../field/field.js";
import { nativeTest } from "../xs/engine-test.js";
import { bundleGuest, type XsEngine } from "../xs/index.js";

const test = await nativeTest();
const GUEST = fileURLToPath(new URL("../xs/guest/", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../examples/updated-device.ts", import.meta.url));
const BASE = "devices/dev1/update";
/** Milliseconds within which an image has to get online, and a bit. */
const TRIAL = 16 * 60_000;

const KEYS = createPemPair();
const OTHERS = createPemPair();

/** The example as an image. @param more statements before the device starts. */
async function imageOfVersion(version: number, more = ""): Promise<Uint8Array> {
	const contents = `
		import { updatedDevice } from ${JSON.stringify(EXAMPLE)};
		import { startDevice } from "./device.js";
		${more}
		startDevice(updatedDevice(${JSON.stringify(KEYS.publicKey)}));`;
	return imageOf((await bundleGuest({ contents, folder: GUEST }, { minify: true })).text, version);
}

/** A device with image 1, and an updater that answers its requests. */
async function updatable(t: ExecutionContext, engine: XsEngine) {
	const firmware = await mkdtemp(join(tmpdir(), "latchkey-firmware-"));
	t.teardown(() => rm(firmware, { recursive: true }));
	FirmwareFolder.flash(firmware, await imageOfVersion(1));
	const field = await Field.start(t, { engine, firmware, listen: "devices/dev1/#" });
	await field.next("subscribed");
	let release: FirmwareRelease | undefined;
	let answered = 0;
	const answer = () => {
		const requests = field.heardPayloads(`${BASE}/request`);
		for (const request of requests.slice(answered)) {
			const data = release?.answer(request);
			if (data !== undefined) field.site.gateway.publish({ topic: `${BASE}/data`, payload: data.payload, qos: 1 });
		}
		answered = requests.length;
	};
	return {
		field,
		offer(image: Uint8Array, version: number, privateKey = KEYS.privateKey) {
			release = new FirmwareRelease(image, version, privateKey);
			field.site.gateway.publish({ topic: `${BASE}/offer`, payload: release.offer, qos: 1, retain: true });
		},
		/** Answers until an event of this name comes. */
		until: (name: DeviceEvent["event"]) => field.next(name, answer),
	};
}

/** Versions that the device has said it runs, in order. */
function versions(field: Field): (number | undefined)[] {
	return field
		.heardPayloads("devices/dev1/firmware")
		.map((payload) => (JSON.parse(Buffer.from(payload).toString()) as { version?: number }).version);
}

test("a signed image is fetched, booted, kept because it got online, and runs from then on", async (t, engine) => {
	const { field, offer, until } = await updatable(t, engine);
	offer(await imageOfVersion(2), 2);
	await until("update-ready");
	await until("update-confirmed");
	await field.until("its version", () => versions(field).includes(2));
	await field.powerOff();
	await field.powerOn();
	await field.next("online");
	await field.advance(0);
	t.is(versions(field).at(-1), 2);
	t.deepEqual([...new Set(versions(field))], [1, 2]);
});

test("an image that does not get online is taken back after its trial, and the one before runs", async (t, engine) => {
	const { field, offer, until } = await updatable(t, engine);
	// It speaks to nobody: what a driver does that hangs the network.
	offer(
		await imageOfVersion(
			2,
			"globalThis.native.TlsEngine = class { constructor() { throw new RangeError('broken'); } };",
		),
		2,
	);
	await until("update-ready");
	await until("update-rolled-back");
	await until("online");
	await field.advance(1_000);
	t.is(versions(field).at(-1), 1);
	t.false(versions(field).includes(2));
});

test("an image that crashes is taken back by the bootloader at the next start", async (t, engine) => {
	const { field, offer, until } = await updatable(t, engine);
	offer(await imageOfVersion(2, "throw new Error('a defect');"), 2);
	await until("update-ready");
	await until("online");
	await field.advance(1_000);
	t.is(field.crashes, 1);
	t.is(versions(field).at(-1), 1);
});

test("an image signed by anybody else is refused before a byte is written", async (t, engine) => {
	const { field, offer, until } = await updatable(t, engine);
	offer(await imageOfVersion(2), 2, OTHERS.privateKey);
	await until("update-refused");
	await field.advance(1_000);
	const [status] = field.heardPayloads(`${BASE}/status`);
	t.like(JSON.parse(Buffer.from(status!).toString()), { state: "refused", version: 2 });
	t.deepEqual(field.heardPayloads(`${BASE}/request`), []);
});

test("a transfer goes on where it was after the network was away", async (t, engine) => {
	const { field, offer, until } = await updatable(t, engine);
	offer(await imageOfVersion(2), 2);
	await until("update-progress");
	field.network.cutAll();
	await until("over");
	await until("update-confirmed");
	t.is(field.events.filter(({ event }) => event === "update-offered").length, 1);
	await field.advance(TRIAL);
	t.is(versions(field).at(-1), 2);
});
