/**
 * Servers of tests on 127.0.0.1, at ports that the system chooses.
 * @module
 */
import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import type { ExecutionContext } from "ava";

/** Has `server` listen until the test is over; then it ends with all its connections. @returns its port. */
export async function listenOnLoopback(t: ExecutionContext, server: net.Server): Promise<number> {
	const sockets = new Set<net.Socket>();
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("error", () => undefined);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

/** A port at which nobody listens: somebody just did. */
export async function closedPort(): Promise<number> {
	const server = net.createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}
