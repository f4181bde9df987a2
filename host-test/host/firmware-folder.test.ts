/**
 * The bootloader's rules, and power lost at every step of every file: what boots is a whole image that somebody put there.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { FirmwareFolder, imageOf } from "../../src/host/firmware-folder.js";
import { type Leftover, MemoryFirmwareDisk } from "./memory-firmware-disk.js";

const LEFTOVERS: readonly Leftover[] = ["old", "none", "half", "all"];
const IMAGES = [1, 2, 3, 4].map((version) => imageOf(`program ${version}`.repeat(10 * version), version));
const [V1, V2, V3] = IMAGES as [Uint8Array, Uint8Array, Uint8Array];

/** A folder with image 1, on a disk in memory. */
function flashed(disk = new MemoryFirmwareDisk()) {
	FirmwareFolder.flash("f", V1, disk);
	return { disk, folder: folderOn(disk) };
}

function folderOn(disk: MemoryFirmwareDisk): FirmwareFolder {
	return new FirmwareFolder({ directory: "f", onRestart: () => undefined, disk });
}

/** Receives an image in parts. */
function receive(folder: FirmwareFolder, image: Uint8Array): void {
	const writer = folder.begin(image.length);
	for (let at = 0; at < image.length; at += 40) writer.write(image.subarray(at, at + 40));
	writer.complete();
}

/** Version of the image that boots, which has to be whole. */
function booted(t: ExecutionContext, folder: FirmwareFolder, what?: string): number {
	const image = folder.boot();
	t.true(
		IMAGES.some((known) => Buffer.from(known).equals(Buffer.from(image))),
		what,
	);
	return folder.version;
}

test("an image boots on trial, is kept when it is confirmed, and given up when it is not", (t) => {
	const { folder } = flashed();
	t.is(booted(t, folder), 1);
	t.false(folder.isOnTrial);
	receive(folder, V2);
	t.is(folder.version, 1, "until the restart");
	t.is(booted(t, folder), 2);
	t.true(folder.isOnTrial);
	folder.confirm();
	t.false(folder.isOnTrial);
	t.is(booted(t, folder), 2);
	receive(folder, V3);
	t.is(booted(t, folder), 3);
	t.is(booted(t, folder), 2);
	t.false(folder.isOnTrial);
	t.is(booted(t, folder), 2);
});

test("an image that is taken back is not booted again", (t) => {
	let restarts = 0;
	const disk = new MemoryFirmwareDisk();
	FirmwareFolder.flash("f", V1, disk);
	const folder = new FirmwareFolder({ directory: "f", onRestart: () => restarts++, disk });
	folder.boot();
	receive(folder, V2);
	folder.boot();
	folder.rollBack();
	t.is(restarts, 1);
	t.is(booted(t, folder), 1);
	t.is(booted(t, folder), 1);
});

test("where there is nothing to go back to, that is told, and the image that runs stays", (t) => {
	const { folder } = flashed();
	folder.boot();
	t.throws(() => folder.rollBack(), { message: /no image to go back to/ });
	t.is(booted(t, folder), 1);
	receive(folder, V2);
	folder.boot();
	folder.rollBack();
	folder.boot();
	t.throws(() => folder.rollBack(), undefined, "the other one was given up");
	t.is(booted(t, folder), 1);
});

test("the image to go back to is not written over while the one that runs is on trial", (t) => {
	const { folder } = flashed();
	folder.boot();
	receive(folder, V2);
	folder.boot();
	t.throws(() => folder.begin(V3.length), { message: /not confirmed/ });
	t.is(booted(t, folder), 1);
});

test("an image that is written over another one before the restart is the one that boots", (t) => {
	const { folder } = flashed();
	folder.boot();
	receive(folder, V2);
	receive(folder, V3);
	t.is(booted(t, folder), 3);
});

test("an image that was complete does not boot once another is begun in its place", (t) => {
	const { folder } = flashed();
	folder.boot();
	receive(folder, V2);
	folder.begin(V3.length).write(V3.subarray(0, 60));
	t.is(booted(t, folder), 1);
});

test("what is no image is not taken", (t) => {
	t.throws(() => FirmwareFolder.flash("f", new Uint8Array(20), new MemoryFirmwareDisk()), { instanceOf: RangeError });
	const { folder } = flashed();
	folder.boot();
	for (const wrong of ["no header\n", "// latchkey firmware 99999999999\n", "// latchkey firmware 4294967296\n", ""]) {
		const bytes = new Uint8Array(Buffer.from(wrong.padEnd(50, " ")));
		t.throws(() => receive(folder, bytes), { message: /it is none/ }, wrong);
	}
	t.is(booted(t, folder), 1);
});

test("sizes that no place has are refused, and the place is as it was", (t) => {
	const { folder } = flashed();
	folder.boot();
	receive(folder, V2);
	for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 0x1e8001])
		t.throws(() => folder.begin(size), { instanceOf: RangeError }, String(size));
	t.is(booted(t, folder), 2);
});

test("a writer takes what was said, and nothing once it is closed, complete, or another one is there", (t) => {
	const { folder } = flashed();
	folder.boot();
	const writer = folder.begin(V2.length);
	t.throws(() => writer.complete(), { instanceOf: RangeError });
	writer.write(V2);
	t.throws(() => writer.write(Uint8Array.of(1)), { instanceOf: RangeError });
	writer.close();
	writer.close();
	t.throws(() => writer.write(new Uint8Array(0)), { message: /closed/ });
	t.throws(() => writer.complete(), { message: /closed/ });
	const former = folder.begin(V2.length);
	former.write(V2);
	const next = folder.begin(V3.length);
	t.throws(() => former.complete(), { message: /closed/ });
	next.write(V3);
	next.complete();
	t.throws(() => next.complete(), { message: /closed/ });
	t.is(booted(t, folder), 3);
});

test("nothing is known of a folder before it is booted", (t) => {
	const { folder } = flashed();
	t.throws(() => folder.version, { message: /nothing was booted/ });
	t.throws(() => folder.begin(10), { message: /nothing was booted/ });
	t.throws(() => folderOn(new MemoryFirmwareDisk()).boot(), { message: /no image was flashed/ });
});

test("flashing replaces whatever there was", (t) => {
	const { disk, folder } = flashed();
	folder.boot();
	receive(folder, V2);
	FirmwareFolder.flash("f", V3, disk);
	t.is(booted(t, folder), 3);
	t.is(booted(t, folder), 3);
});

test("on a real disk it is the same", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "latchkey-folder-"));
	t.teardown(() => rm(directory, { recursive: true }));
	const inside = join(directory, "new");
	FirmwareFolder.flash(inside, V1);
	const folder = new FirmwareFolder({ directory: inside, onRestart: () => undefined });
	t.is(booted(t, folder), 1);
	receive(folder, V2);
	t.is(booted(t, folder), 2);
	folder.confirm();
	const next = new FirmwareFolder({ directory: inside, onRestart: () => undefined });
	t.is(booted(t, next), 2);
	receive(next, V3);
	t.is(booted(t, next), 3);
	t.is(booted(t, next), 2);
});

/** A life with everything in it: updates that stay, that are taken back, that crash, and one that is broken off. */
function life(disk: MemoryFirmwareDisk): void {
	const folder = folderOn(disk);
	folder.boot();
	receive(folder, V2);
	folder.boot();
	folder.confirm();
	receive(folder, V3);
	folder.boot();
	folder.boot();
	receive(folder, V3);
	folder.boot();
	folder.rollBack();
	folder.boot();
	const writer = folder.begin(V3.length);
	writer.write(V3.subarray(0, 60));
	writer.close();
	FirmwareFolder.flash("f", V1, disk);
	folder.boot();
}

function untilCut(act: () => void): boolean {
	try {
		act();
		return false;
	} catch (error) {
		if ((error as Error).name !== "PowerCut") throw error;
		return true;
	}
}

test("power lost at any step leaves a folder that boots a whole image, and can be updated", (t) => {
	const { disk: dry } = flashed();
	const from = dry.steps;
	life(dry);
	t.true(dry.steps - from > 50, `${dry.steps - from} steps`);
	for (let at = from; at < dry.steps; at++)
		for (const isDone of [false, true])
			for (const leftover of LEFTOVERS) {
				const what = `step ${at}, ${isDone ? "done" : "not done"}, ${leftover}`;
				const { disk } = flashed();
				disk.cutAt(at, isDone, leftover);
				t.true(
					untilCut(() => life(disk)),
					what,
				);
				disk.powerUp();
				const folder = folderOn(disk);
				booted(t, folder, what);
				// Not confirmed: what boots next has proven itself, and stays.
				const next = booted(t, folder, what);
				t.is(booted(t, folder, what), next, what);
				receive(folder, V3);
				t.is(booted(t, folder, what), 3, what);
				folder.confirm();
				t.is(booted(t, folder, what), 3, what);
			}
});

test("power lost while the first image is flashed leaves none, or that one", (t) => {
	const { disk: dry } = flashed();
	for (let at = 0; at < dry.steps; at++)
		for (const leftover of LEFTOVERS) {
			const disk = new MemoryFirmwareDisk();
			disk.cutAt(at, true, leftover);
			t.true(untilCut(() => FirmwareFolder.flash("f", V1, disk)));
			disk.powerUp();
			const folder = folderOn(disk);
			if (disk.read(join("f", "boot.json")) === undefined)
				t.throws(() => folder.boot(), { message: /no image was flashed/ });
			else t.is(booted(t, folder), 1);
			FirmwareFolder.flash("f", V2, disk);
			t.is(booted(t, folderOn(disk)), 2);
		}
});

const deed = fc.oneof(
	fc.constantFrom("boot", "confirm", "roll back", "break off", "flash").map((name) => ({ name, image: V1 })),
	fc.constantFrom(...IMAGES).map((image) => ({ name: "receive", image })),
);

/** Does it, where it can be done. */
function attempt(folder: FirmwareFolder, disk: MemoryFirmwareDisk, name: string, image: Uint8Array): void {
	try {
		if (name === "boot") folder.boot();
		else if (name === "confirm") folder.confirm();
		else if (name === "roll back") folder.rollBack();
		else if (name === "flash") FirmwareFolder.flash("f", image, disk);
		else if (name === "receive") receive(folder, image);
		else folder.begin(100).write(image.subarray(0, 50));
	} catch (error) {
		if ((error as Error).name === "PowerCut") throw error;
	}
}

test("however often the power is lost, a whole image boots", (t) => {
	const cut = fc.record({ after: fc.nat(25), isDone: fc.boolean(), leftover: fc.constantFrom(...LEFTOVERS) });
	const lives = fc.array(fc.record({ deeds: fc.array(deed, { maxLength: 8 }), cut }), { minLength: 1, maxLength: 8 });
	let cuts = 0;
	fc.assert(
		fc.property(lives, (several) => {
			const { disk } = flashed();
			for (const { deeds, cut } of several) {
				const folder = folderOn(disk);
				disk.cutAt(disk.steps + cut.after, cut.isDone, cut.leftover);
				const isLost = untilCut(() => {
					folder.boot();
					for (const { name, image } of deeds) attempt(folder, disk, name, image);
				});
				if (isLost) cuts++;
				disk.powerUp();
			}
			booted(t, folderOn(disk));
		}),
		{ numRuns: 400, includeErrorInReport: true },
	);
	t.true(cuts > 300, `${cuts} cuts`);
});
