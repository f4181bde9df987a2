/**
 * A small API of its own, in which every way of an input occurs: things on a shelf.
 * @module
 */
import type { ExecutionContext } from "ava";
import { operation, Reply } from "../../src/control-plane/operation.js";
import { page } from "../../src/control-plane/paging.js";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "../../src/control-plane/server.js";
import {
	blob,
	boolean,
	header,
	integer,
	list,
	map,
	payload,
	query,
	string,
	structure,
	unsupported,
	uri,
	word,
} from "../../src/control-plane/shape.js";

export interface Shelf {
	/** Everything that operations were called with. */
	readonly calls: { readonly operation: string; readonly input: object }[];
}

const NAME = string({ pattern: "[\\w=,@-]+", min: 1, max: 20 });

const putThing = operation({
	service: "iot",
	name: "PutThing",
	method: "POST",
	path: "/thing/{thingName}",
	status: 201,
	errors: ["ResourceAlreadyExistsException"],
	input: structure(
		{
			thingName: uri(NAME),
			kind: word(["SMALL", "LARGE"]),
			label: string({ min: 1, max: 5 }),
			count: integer({ min: 0, max: 9 }),
			fragile: boolean(),
			picture: blob({ min: 1, max: 8 }),
			colours: list(string({ min: 1, max: 3 }), { min: 1, max: 3 }),
			tags: map(string({ pattern: "[a-z]+", max: 4 }), string({ max: 4 }), { max: 2 }),
			parts: list(structure({ Weight: integer({ min: 1 }), name: string() }, ["Weight"])),
			future: unsupported(),
			limit: query(integer({ min: 1, max: 250 })),
			dry: query(boolean(), "dryRun"),
			note: header(string({ max: 8 }), "X-Note"),
		},
		["kind"],
	),
	run(input, { calls }: Shelf) {
		calls.push({ operation: "PutThing", input });
		return { thingName: input.thingName, gone: undefined, nothing: null };
	},
});

const listThings = operation({
	service: "iot",
	name: "ListThings",
	method: "GET",
	path: "/things/",
	errors: [],
	input: structure({ marker: query(string()), pageSize: query(integer({ min: 1, max: 250 })) }),
	run({ marker, pageSize = 25 }, { calls }: Shelf) {
		calls.push({ operation: "ListThings", input: { marker, pageSize } });
		const { items, nextMarker } = page({
			operation: "listThings",
			items: ["a", "b", "c"],
			place: (name) => [name],
			size: pageSize,
			marker,
		});
		return { things: items, nextMarker };
	},
});

const removeThing = operation({
	service: "iot",
	name: "RemoveThing",
	method: "DELETE",
	path: "/thing/{thingName}",
	errors: [],
	input: structure({ thingName: uri(NAME) }),
	run(input, { calls }: Shelf) {
		calls.push({ operation: "RemoveThing", input });
	},
});

const publish = operation({
	service: "iot-data",
	name: "Publish",
	method: "POST",
	path: "/topics/{topic+}",
	errors: [],
	input: structure({ topic: uri(string()), qos: query(integer({ min: 0, max: 1 })), payload: payload(blob()) }),
	run(input, { calls }: Shelf) {
		calls.push({ operation: "Publish", input });
		return { message: "OK" };
	},
});

const call = operation({
	service: "lambda",
	name: "Call",
	method: "PUT",
	path: "/functions/{name}/call",
	status: 204,
	bodyLimit: 64,
	errors: [],
	input: structure({ name: uri(NAME), Answer: word(["none", "bytes", "throw", "known"]) }, ["Answer"]),
	run({ Answer }) {
		if (Answer === "throw") throw new Error("a secret of the inside");
		if (Answer === "known") {
			throw Object.assign(new Error("m"), { type: "ResourceConflictException", members: { resourceId: "r" } });
		}
		if (Answer === "none") return undefined;
		return new Reply({ status: 200, headers: { "x-made-by": "call" }, body: new Uint8Array([0, 255]) });
	},
});

export const shelfOperations = [putThing, listThings, removeThing, publish, call];

export interface OpenShelf extends Shelf {
	readonly plane: ControlPlane;
	readonly port: number;
	readonly log: Parameters<NonNullable<ControlPlaneOptions<Shelf>["log"]>>[0][];
}

/** The API on a free port, until the test is over. */
export async function openShelf(
	t: Pick<ExecutionContext, "teardown">,
	options: Partial<ControlPlaneOptions<Shelf>> = {},
): Promise<OpenShelf> {
	const calls: OpenShelf["calls"] = [];
	const log: OpenShelf["log"] = [];
	const plane = await startControlPlane<Shelf>({
		host: "127.0.0.1",
		port: 0,
		operations: shelfOperations,
		context: { calls },
		log: (entry) => log.push(entry),
		...options,
	});
	t.teardown(() => plane.close());
	return { plane, port: plane.port, calls, log };
}
