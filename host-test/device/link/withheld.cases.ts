/**
 * What a server says is told, unless it repeats what must not be.
 * @module
 */
import { encodeUsername } from "../../../src/device/connect-fields.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { connackToTell, reasonToTell } from "../../../src/device/link/withheld.js";
import type { Cases } from "../case.js";
import { CONNACK } from "../world.js";

const SIGNATURE = "ab+/SECRET==";
const TOKEN = "SECRET token";
const PASSWORD = "SECRET-password";
const FIELDS = {
	clientId: "dev1",
	username: encodeUsername({
		username: "thermometer",
		authorizerName: "MyAuthorizer",
		tokenKeyName: "t",
		token: TOKEN,
		signature: SIGNATURE,
	}),
	password: utf8Encode(PASSWORD),
	host: "gateway.test",
	port: 443,
	serverName: "gateway.test",
	applicationLayerProtocolNegotiation: ["mqtt"],
};

export const cases: Cases = {
	"a server's reason is told as it came": (check) => {
		for (const reason of ["CONNACK:Client is not authorized:1234", "no authorizer MyAuthorizer for thermometer", ""])
			check.is(reasonToTell(reason, FIELDS), reason);
		check.is(reasonToTell(undefined, FIELDS), undefined);
	},
	"a reason that repeats token, signature or password is withheld, in whatever form": (check) => {
		for (const secret of [TOKEN, encodeURIComponent(TOKEN), SIGNATURE, encodeURIComponent(SIGNATURE), PASSWORD]) {
			const told = reasonToTell(`bad credential: ${secret}!`, FIELDS);
			check.is(told?.includes("SECRET"), false, secret);
			check.is(told?.startsWith("(withheld"), true, secret);
		}
		check.is(reasonToTell(FIELDS.username, FIELDS)?.includes("SECRET"), false);
	},
	"a device without a secret has nothing to withhold": (check) => {
		const { username, password, ...bare } = FIELDS;
		check.is(username.length + password.length > 0, true);
		check.is(reasonToTell("anything", bare), "anything");
	},
	"bytes that are no text are repeated by none": (check) => {
		check.is(reasonToTell("anything", { ...FIELDS, password: Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc) }), "anything");
		check.is(reasonToTell("a %zz b", { ...FIELDS, username: "?t=%zz%" }), "a %zz b");
	},
	"a CONNACK is told as it came, or without its properties": (check) => {
		const good = { ...CONNACK, properties: { receiveMaximum: 3, userProperties: [["a", "b"]] as const } };
		check.is(connackToTell(good, FIELDS), good);
		check.is(connackToTell(CONNACK, FIELDS), CONNACK);
		for (const properties of [
			{ reasonString: `hello ${PASSWORD}` },
			{ userProperties: [["token", TOKEN]] as const },
			{ responseInformation: SIGNATURE },
		])
			check.same(connackToTell({ ...CONNACK, properties }, FIELDS), CONNACK);
	},
};
