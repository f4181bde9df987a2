/**
 * `latchkey update` gives an image to a device that asks for it.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { updatedDevice } from "../../examples/updated-device.js";
import { trustAnchorOf } from "../../src/cli/trust-anchor.js";
import { provisionStore } from "../../src/device/credential/index.js";
import { FirmwareFolder, imageOf } from "../../src/host/firmware-folder.js";
import { nodeDigest } from "../../src/host/ports.js";
import { type DeviceEvent, startNodeDevice } from "../../src/host/virtual-device.js";
import { createPemPair } from "../authorizer/keys.js";
import { memoryStore } from "../device/world.js";
import { eventsOf, latchkey } from "./run.js";
import { credentialFile, type Up, withGateway } from "./running-gateway.js";

const KEYS = createPemPair();

/** A device with image 1 that trusts {@link KEYS}. */
function startDevice(t: ExecutionContext, up: Up, folder: string) {
	const directory = join(folder, "firmware");
	mkdirSync(directory);
	FirmwareFolder.flash(directory, imageOf("", 1));
	const events: DeviceEvent[] = [];
	const restarted = new Promise<void>((resolve) => {
		const firmware = new FirmwareFolder({ directory, onRestart: resolve });
		firmware.boot();
		const store = memoryStore();
		provisionStore(store, readFileSync(credentialFile(up, folder, "dev1", "device"), "utf8"), nodeDigest);
		const device = startNodeDevice(
			{
				store,
				certificate: trustAnchorOf(readFileSync(up.gateway.caFile, "utf8")),
				firmware,
				onEvent: (event) => events.push(event),
				onError: (error) => t.fail(error.message),
			},
			updatedDevice(KEYS.publicKey),
		);
		t.teardown(() => device.stop());
	});
	return { directory, restarted, events };
}

function update(up: Up, folder: string, image: Uint8Array, key: string, version = "2") {
	writeFileSync(join(folder, "image"), image);
	writeFileSync(join(folder, "key.pem"), key);
	return latchkey([
		...["update", "--image", join(folder, "image"), "--firmware-version", version],
		...["--key-file", join(folder, "key.pem"), "--topic", "devices/dev1/update", "--json"],
		...["--credential", credentialFile(up, folder, "op1", "operator"), "--ca", up.gateway.caFile],
	]);
}

test.serial("an image of a hundred kilobytes arrives whole, and the device restarts into it", async (t) => {
	await withGateway(async (up, _gateway, folder) => {
		const { directory, restarted } = startDevice(t, up, folder);
		const image = imageOf("x".repeat(100_000), 2);
		const { code, stdout } = await update(up, folder, image, KEYS.privateKey);
		t.is(code, 0);
		const events = eventsOf(stdout);
		t.like(events.at(-1), { event: "status", status: { state: "ready", version: 2 } });
		t.true(events.filter(({ event }) => event === "progress").length > 10);
		await restarted;
		const next = new FirmwareFolder({ directory, onRestart: () => {} });
		t.deepEqual(new Uint8Array(next.boot()), image);
		t.true(next.isOnTrial);
	});
});

test.serial("what the device refuses is told with its reason, exit 1", async (t) => {
	await withGateway(async (up, _gateway, folder) => {
		startDevice(t, up, folder);
		const forged = await update(up, folder, imageOf("x", 2), createPemPair().privateKey);
		t.is(forged.code, 1);
		t.like(eventsOf(forged.stdout).at(-1), { status: { state: "refused", code: "signature-wrong" } });
		const old = await update(up, folder, imageOf("x", 1), KEYS.privateKey, "1");
		t.is(old.code, 1);
		t.like(eventsOf(old.stdout).at(-1), { status: { state: "refused", code: "already-running" } });
	});
});

test("wrong use is told before anything is connected", async (t) => {
	const args = ["update", "--key-file", "k", "--topic", "t", "--credential", "c"];
	for (const version of ["0", "x", "4294967296"]) {
		const { code, stderr } = await latchkey([...args, "--image", "i", "--firmware-version", version]);
		t.is(code, 2);
		t.regex(stderr, /1\.\.4294967295/);
	}
	const { code, stderr } = await latchkey([...args, "--image", "/nowhere", "--firmware-version", "2"]);
	t.is(code, 2);
	t.regex(stderr, /ENOENT/);
});
