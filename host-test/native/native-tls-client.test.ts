import { createServer, type TLSSocket } from "node:tls";
import test, { type ExecutionContext } from "ava";
import { listenOnLoopback } from "../loopback.js";
import { chainOf, genuineLeaf, pem, SERVER_NAME, trustedIntermediate, trustedRoots } from "../tls/pki/authorities.js";
import { canRun } from "./native-test.js";
import { openNativeTls } from "./native-tls-client.js";
import { ensureProgram } from "./programs.js";

const ready = await canRun(() => ensureProgram("driver"));

/** A server on loopback that sends back what it gets, and ends. */
function echoServer(t: ExecutionContext): Promise<number> {
	const server = createServer({
		key: genuineLeaf().privateKey.export({ format: "pem", type: "pkcs8" }),
		cert: chainOf(genuineLeaf(), trustedIntermediate()).map(pem).join("\n"),
		ALPNProtocols: ["mqtt"],
	});
	server.on("secureConnection", (socket: TLSSocket) => {
		socket.on("error", () => undefined);
		socket.once("data", (data) => socket.end(data));
	});
	server.on("tlsClientError", () => undefined);
	return listenOnLoopback(t, server);
}

if (ready) {
	test("over TCP: a sound server gets the plaintext, another name gets none of it", async (t) => {
		const port = await echoServer(t);
		const options = { port, alpn: ["mqtt"], roots: [...trustedRoots()], plaintext: Buffer.from("marker") };
		const sound = await openNativeTls({ ...options, serverName: SERVER_NAME });
		const outcome = await sound.outcome();
		t.like(outcome, { failure: "none", opened: true, protocol: "mqtt", sent: 6 });
		t.is(outcome.received.toString(), "marker");
		const wrong = await openNativeTls({ ...options, serverName: "another.latchkey.test" });
		t.like(await wrong.outcome(), { failure: "certificate-name", depth: 0, opened: false, sent: 0 });
	});
}
