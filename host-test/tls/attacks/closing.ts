/**
 * The connection ends, by FIN or RST, at every step before the handshake is over.
 * @module
 */
import { type BadServer, type Behaviour, genuine } from "../bad-server.js";
import { HANDSHAKE, message } from "../server/messages.js";
import { CONTENT, type Peer, record } from "../server/peer.js";
import type { Step } from "../server/script.js";

/** What is done before the end, by the name of the moment. */
const MOMENTS: Readonly<Record<string, (end: Step) => Behaviour>> = {
	"before-client-hello": (end) => async (peer) => await endNow(peer, end),
	"after-client-hello": (end) => genuine({ firstFlight: () => [end] }),
	"in-a-record-header": (end) => genuine({ firstFlight: () => [{ kind: "raw", bytes: Buffer.of(22, 3, 3) }, end] }),
	"in-server-hello": (end) =>
		genuine({
			firstFlight: () => [
				{
					kind: "raw",
					bytes: record(CONTENT.handshake, message(HANDSHAKE.serverHello, Buffer.alloc(70, 3))).subarray(0, 40),
				},
				end,
			],
		}),
	"after-server-hello": (end) => genuine({ firstFlight: (steps) => [...steps.slice(0, 1), end] }),
	"after-certificate": (end) => genuine({ firstFlight: (steps) => [...steps.slice(0, 2), end] }),
	"after-key-exchange": (end) => genuine({ firstFlight: (steps) => [...steps.slice(0, 3), end] }),
	"after-server-hello-done": (end) => genuine({ firstFlight: (steps) => [...steps, end] }),
	"after-client-finished": (end) => genuine({ lastFlight: () => [end] }),
	"after-change-cipher-spec": (end) => genuine({ lastFlight: ([change]) => [change!, end] }),
	"in-finished": (end) =>
		genuine({
			lastFlight: ([change]) => [change!, { kind: "raw", bytes: Buffer.from("160303002800000000", "hex") }, end],
		}),
};

async function endNow(peer: Peer, end: Step): Promise<void> {
	if (end.kind === "reset") peer.reset();
	else await peer.finish();
}

export const closings: readonly BadServer[] = Object.entries(MOMENTS).flatMap(([moment, behave]) =>
	(["close", "reset"] as const).map(
		(kind): BadServer => ({
			name: `${kind === "close" ? "fin" : "rst"}-${moment}`,
			wrong: `TCP ends (${kind === "close" ? "FIN" : "RST"}) ${moment.replaceAll("-", " ")}`,
			refusedWith: ["truncated"],
			behave: behave({ kind }),
		}),
	),
);
