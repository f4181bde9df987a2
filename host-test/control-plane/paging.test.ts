/**
 * Pages of lists and their markers.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { ApiError } from "../../src/control-plane/errors.js";
import { page } from "../../src/control-plane/paging.js";

interface Item {
	readonly name: string;
	readonly at: number;
}

const byAge = ({ at, name }: Item) => [at, name];

function pageOf(items: readonly Item[], size: number, marker?: string, descending = false) {
	return page({ operation: "listThings", items, place: byAge, size, marker, descending });
}

const item = fc.record({ name: fc.string({ maxLength: 4 }), at: fc.integer({ min: 0, max: 3 }) });
const items = fc.uniqueArray(item, { maxLength: 20, selector: ({ name, at }) => `${at} ${name}` });

function order(list: readonly Item[], descending: boolean): readonly Item[] {
	const sign = descending ? -1 : 1;
	return list.toSorted((a, b) => sign * (a.at - b.at || (a.name < b.name ? -1 : 1)));
}

test("pages together are the whole list in its order, and the last one has no marker", (t) => {
	const property = fc.property(items, fc.integer({ min: 1, max: 7 }), fc.boolean(), (list, size, descending) => {
		const seen: Item[] = [];
		let marker: string | undefined;
		let pages = 0;
		do {
			const { items: some, nextMarker } = pageOf(list, size, marker, descending);
			seen.push(...some);
			marker = nextMarker;
			pages += 1;
		} while (marker !== undefined);
		t.deepEqual(seen, order(list, descending));
		t.is(pages, Math.max(1, Math.ceil(list.length / size)));
	});
	fc.assert(property);
});

test("what stays is shown once, whatever comes and goes between two pages", (t) => {
	const property = fc.property(
		items,
		items,
		fc.integer({ min: 1, max: 5 }),
		fc.boolean(),
		(stays, goes, size, descending) => {
			const key = ({ at, name }: Item) => `${at} ${name}`;
			const stayed = new Set(stays.map(key));
			const others = goes.filter((other) => !stayed.has(key(other)));
			const first = pageOf([...stays, ...others], size, undefined, descending);
			const seen = [...first.items];
			let marker = first.nextMarker;
			while (marker !== undefined) {
				const next = pageOf(stays, size, marker, descending);
				seen.push(...next.items);
				marker = next.nextMarker;
			}
			t.deepEqual(
				seen.filter((one) => stayed.has(key(one))),
				order(stays, descending),
			);
		},
	);
	fc.assert(property);
});

test("a marker is standard base64 of at most 1024 characters, for names of 128", (t) => {
	const list = [1, 2].map((at) => ({ name: "é".repeat(128), at }));
	t.regex(pageOf(list, 1).nextMarker ?? "", /^[A-Za-z0-9+/]{1,1020}={0,2}$/);
});

const LIST = [1, 2, 3].map((at) => ({ name: "n", at }));
const MARKER = pageOf(LIST, 1).nextMarker ?? "";
const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");

const BAD: Readonly<Record<string, string>> = {
	"what is no base64": "not a marker!",
	nothing: "",
	"other JSON": text({}),
	"another operation's": text(["+listOthers", 1, "n"]),
	"one of the other order": text(["-listThings", 1, "n"]),
	"a place of other parts": text(["+listThings", "n", 1]),
	"a place with too few parts": text(["+listThings", 1]),
	"one with a part too many": text(["+listThings", 1, "n", 2]),
	"another spelling": `${MARKER.replace(/=+$/, "")}=`,
};
for (const [title, marker] of Object.entries(BAD)) {
	test(`a bad marker is refused in AWS's words: ${title}`, (t) => {
		const error = t.throws(() => pageOf(LIST, 1, marker), { instanceOf: ApiError });
		t.is(error?.type, "InvalidRequestException");
		t.is(error?.message, "Invalid/Malformed marker passed for listThings");
	});
}

test("any text as a marker is either taken or refused as such", (t) => {
	const property = fc.property(fc.oneof(fc.string(), fc.base64String(), fc.jsonValue().map(text)), (marker) => {
		try {
			pageOf(LIST, 2, marker);
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
		}
	});
	fc.assert(property, { numRuns: 1000 });
	t.pass();
});

test("a marker beyond the end gives an empty last page", (t) => {
	const marker = pageOf([...LIST, { name: "z", at: 9 }, { name: "z", at: 10 }], 4).nextMarker;
	t.deepEqual(pageOf(LIST, 4, marker), { items: [], nextMarker: undefined });
});
