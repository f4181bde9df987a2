/**
 * Latchkey's whole API with nothing behind it: operations that keep what they are called with.
 * @module
 */
import type { ExecutionContext } from "ava";
import { allOperations } from "../../src/control-plane/index.js";
import type { Operation } from "../../src/control-plane/operation.js";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "../../src/control-plane/server.js";

export interface StubCall {
	readonly operation: string;
	readonly input: object;
}

export interface StubPlane {
	readonly plane: ControlPlane;
	readonly url: string;
	readonly port: number;
	readonly calls: StubCall[];
}

type Stubs = readonly Operation<StubCall[]>[];

/** The API on a free port, until the test is over. */
export async function openStubPlane(
	t: Pick<ExecutionContext, "teardown">,
	options: Partial<ControlPlaneOptions<StubCall[]>> = {},
): Promise<StubPlane> {
	const calls: StubCall[] = [];
	const operations: Stubs = allOperations.map((row) => ({
		...row,
		run(input: object, context: StubCall[]) {
			context.push({ operation: row.name, input });
			return {};
		},
	}));
	const plane = await startControlPlane({ host: "127.0.0.1", port: 0, operations, context: calls, ...options });
	t.teardown(() => plane.close());
	return { plane, url: plane.url, port: plane.port, calls };
}
