/**
 * Deployment packages: what is unpacked, and what is refused.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { strToU8, type Zippable, zipSync } from "fflate";
import { unpackArchive } from "../../src/control-plane/code-archive.js";
import { ApiError } from "../../src/control-plane/errors.js";

const UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again.";

async function refusalOf(zip: Uint8Array): Promise<string> {
	try {
		await unpackArchive(zip);
	} catch (error) {
		if (error instanceof ApiError && error.type === "InvalidParameterValueException") return error.message;
		throw error;
	}
	return "none";
}

function archive(files: Readonly<Record<string, string>>, link?: string): Uint8Array {
	const entries = Object.entries(files).map(([path, text]) => {
		const attributes = path === link ? 0o120777 * 0x10000 : 0;
		return [path, [strToU8(text), { os: 3, attrs: attributes }]] as const;
	});
	return zipSync(Object.fromEntries(entries) as unknown as Zippable);
}

/** The same archive with a file by another name of the same length. */
function renamed(zip: Uint8Array, former: string, name: string): Uint8Array {
	return Buffer.from(Buffer.from(zip).toString("latin1").replaceAll(former, name), "latin1");
}

/** The same archive with a directory whose size and place only ZIP64's own records would tell. */
function withoutPlace(zip: Uint8Array): Uint8Array {
	return zip.slice().fill(0xff, zip.length - 10, zip.length - 2);
}

/** The same archive, its directory with another number in each of its entries. */
function rewritten(zip: Uint8Array, write: (changed: Buffer, entry: number) => void): Uint8Array {
	const changed = Buffer.from(zip);
	const entries = "PK\u0001\u0002";
	for (let at = changed.indexOf(entries); at !== -1; at = changed.indexOf(entries, at + 1)) write(changed, at);
	return changed;
}

function repacked(zip: Uint8Array, method: number): Uint8Array {
	return rewritten(zip, (changed, entry) => changed.writeUInt16LE(method, entry + 10));
}

function relocated(zip: Uint8Array, offset: number): Uint8Array {
	return rewritten(zip, (changed, entry) => changed.writeUInt32LE(offset, entry + 42));
}

function resized(zip: Uint8Array, size: number): Uint8Array {
	return rewritten(zip, (changed, entry) => changed.writeUInt32LE(size, entry + 24));
}

const FILES = { "index.mjs": "export const handler = 1;", "lib/ü.json": "{}" };

test("files are unpacked with their paths and bytes", async (t) => {
	const unpacked = (await unpackArchive(archive(FILES))).map(({ path, bytes }) => [
		path,
		Buffer.from(bytes).toString(),
	]);
	t.deepEqual(Object.fromEntries(unpacked), FILES);
});

const OUTSIDE = "The deployment package holds a file whose path does not stay inside of it or cannot be written";
for (const path of [
	"../x",
	"a/../../x",
	"/etc/x",
	"a//x",
	"./x",
	"C:/x",
	"..\\x",
	"a\u0000b",
	"ä\nb",
	"..",
	`${"x".repeat(256)}`,
]) {
	test(`a path that does not stay inside is refused: ${JSON.stringify(path.slice(0, 12))}`, async (t) => {
		t.is(await refusalOf(archive({ [path]: "x" })), OUTSIDE);
	});
}

const CLASH = "The deployment package holds the same path twice, or as a file and as a folder";
const CLASHES: Readonly<Record<string, Uint8Array>> = {
	"a path as a file and as a folder": archive({ a: "x", "a/b": "y" }),
	"a path as a file and as an empty folder": renamed(archive({ ab: "x", "cb/": "" }), "cb/", "ab/"),
	"a path twice": renamed(archive({ one: "x", two: "y" }), "two", "one"),
};
for (const [title, zip] of Object.entries(CLASHES))
	test(`${title} is refused`, async (t) => t.is(await refusalOf(zip), CLASH));

test("a symbolic link is refused", async (t) => {
	const zip = archive({ "index.mjs": "x", link: "/etc/passwd" }, "link");
	t.is(await refusalOf(zip), "The deployment package holds a symbolic link, which Latchkey does not unpack");
});

test("what would unpack to more than 250 MiB is refused before it is unpacked", async (t) => {
	const zip = resized(archive({ a: "x", b: "x" }), 200_000_000);
	t.is(await refusalOf(zip), "Unzipped size must be smaller than 262144000 bytes");
});

for (const size of [0, 4, 6]) {
	test(`a file of 5 bytes that is said to have ${size} is refused`, async (t) => {
		t.is(await refusalOf(resized(archive({ a: "aaaaa" }), size)), UNREADABLE);
	});
}

test("an empty file is unpacked, and one that is stored as it is", async (t) => {
	const unpacked = await unpackArchive(
		zipSync({ none: [new Uint8Array(), { level: 9 }], as: [strToU8("it is"), { level: 0 }] }),
	);
	t.deepEqual(
		unpacked.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]),
		[
			["none", ""],
			["as", "it is"],
		],
	);
});

test("a file may have the name of a member that every object has", async (t) => {
	const [file] = await unpackArchive(renamed(archive({ "--proto--": "x" }), "--proto--", "__proto__"));
	t.is(file?.path, "__proto__");
});

/** An archive of empty files. */
function emptyFiles(paths: readonly string[]): Uint8Array {
	return zipSync(Object.fromEntries(paths.map((path) => [path, new Uint8Array()])), { level: 0 });
}

test("10,000 files are unpacked, and no more", async (t) => {
	const paths = Array.from({ length: 10_001 }, (_none, index) => `f${index}`);
	t.is((await unpackArchive(emptyFiles(paths.slice(1)))).length, 10_000);
	const words = "The deployment package holds more than 10000 files and folders, which Latchkey does not unpack";
	t.is(await refusalOf(emptyFiles(paths)), words);
});

test("a path may have 32 names, and no more", async (t) => {
	const path = (names: number) => Array.from({ length: names }, () => "a").join("/");
	t.is((await unpackArchive(emptyFiles([path(32)]))).length, 1);
	const words = "The deployment package holds a path of more than 32 names, which Latchkey does not unpack";
	t.is(await refusalOf(emptyFiles([path(33)])), words);
});

test("paths clash where one is in the way of another, and nowhere else", async (t) => {
	const name = fc.constantFrom("a", "b", "a.b", "a b", "a-", "ä");
	const path = fc
		.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.boolean())
		.map(([names, isFolder]) => `${names.join("/")}${isFolder ? "/" : ""}`);
	const property = fc.asyncProperty(fc.uniqueArray(path, { minLength: 1, maxLength: 5 }), async (paths) => {
		const isInTheWay = (file: string) =>
			!file.endsWith("/") && paths.some((other) => other === `${file}/` || other.startsWith(`${file}/`));
		return (await refusalOf(emptyFiles(paths))) === (paths.some(isInTheWay) ? CLASH : "none");
	});
	await fc.assert(property, { numRuns: 2000 });
	t.pass();
});

const BROKEN: Readonly<Record<string, Uint8Array>> = {
	nothing: new Uint8Array(),
	"no archive": strToU8("export const handler = 1;"),
	"an archive without files": zipSync({}),
	"half an archive": archive(FILES).slice(0, 60),
	"a file packed by a method that is neither stored nor deflated": repacked(archive(FILES), 12),
	"a file whose bytes are said to be beyond the archive's end": relocated(archive(FILES), 0x7fffffff),
	"a file whose bytes are said to be where no file begins": relocated(archive(FILES), 1),
	"an archive of ZIP64 without its records": withoutPlace(archive(FILES)),
	"a folder with bytes of its own": renamed(archive({ one: "x", ab: "y" }), "ab", "a/"),
};
for (const [title, zip] of Object.entries(BROKEN)) {
	test(`AWS's words refuse ${title}`, async (t) => t.is(await refusalOf(zip), UNREADABLE));
}

test("an archive in which bytes were changed is refused, or unpacks to the files that it had", async (t) => {
	const zip = archive({ "index.mjs": "export const handler = async () => ({});".repeat(5) });
	const [whole] = await unpackArchive(zip);
	const change = fc.record({ at: fc.nat(zip.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
	const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
		const changed = zip.slice();
		for (const { at, byte } of changes) changed[at] = byte;
		try {
			const [file] = await unpackArchive(changed);
			return Buffer.from(file?.bytes ?? []).equals(Buffer.from(whole?.bytes ?? []));
		} catch (error) {
			return error instanceof ApiError;
		}
	});
	await fc.assert(property, { numRuns: 2000 });
	t.pass();
});

test("any bytes are refused in words", async (t) => {
	const start = Buffer.from("PK\u0003\u0004");
	const end = Buffer.from([0x50, 0x4b, 5, 6]);
	const property = fc.asyncProperty(
		fc.uint8Array({ maxLength: 200 }),
		fc.uint8Array({ minLength: 18, maxLength: 40 }),
		async (head, tail) => {
			return (await refusalOf(Buffer.concat([start, head, end, tail]))) !== "none";
		},
	);
	await fc.assert(property, { numRuns: 1000 });
	t.pass();
});
