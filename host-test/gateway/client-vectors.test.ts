/** CONNECT packets that real clients sent, byte by byte, at the gateway's door. */
import test from "ava";
import { generate } from "mqtt-packet";
import { readVectors } from "../vectors.js";
import { Site } from "./site.js";

interface Vector {
	readonly id: string;
	readonly input: { readonly authorizerSignature?: string; readonly tokenValue?: string };
	readonly connect?: { readonly protocolVersion: 4 | 5; readonly clientId: string; readonly username: string | null };
	readonly packetHex?: string;
}

/** The order of parameters that AWS documents. */
const DOCUMENTED: Vector = {
	id: "as documented",
	input: { authorizerSignature: "c2lnbmF0dXJl+/+/==", tokenValue: "token-value" },
	connect: { protocolVersion: 4, clientId: "dev1", username: "" },
	packetHex: generate({
		cmd: "connect",
		clientId: "dev1",
		username:
			"username?x-amz-customauthorizer-name=authorizer-name" +
			"&x-amz-customauthorizer-signature=c2lnbmF0dXJl%2B%2F%2B%2F%3D%3D&token-key-name=token-value",
	}).toString("hex"),
};

const seen = readVectors<{ readonly vectors: readonly Vector[] }>("aws/mqtt-connect.json")?.vectors ?? [];

for (const { id, input, connect, packetHex } of [DOCUMENTED, ...seen]) {
	if (connect === undefined || packetHex === undefined) continue;
	test(`${id}: its CONNECT is read, judged and shown without its secrets`, async (t) => {
		const site = await Site.start(t);
		const client = await site.dial({ version: connect.protocolVersion });
		client.socket.write(Buffer.from(packetHex, "hex"));
		const event = await site.told("connect-received", connect.clientId);
		t.is(event.version, connect.protocolVersion === 5 ? "5" : "3.1.1");
		t.is(event.bytes, packetHex.length / 2);
		t.is(event.username === undefined, connect.username === null);
		await client.closed;
		const { refusal } = await site.told("refused", connect.clientId);
		t.not(refusal.step, "mqtt");
		const told = JSON.stringify(site.events);
		for (const secret of [input.authorizerSignature, input.tokenValue]) {
			if (secret === undefined || secret.length < 8) continue;
			t.false(told.includes(secret));
			t.false(told.includes(encodeURIComponent(secret)));
		}
	});
}
