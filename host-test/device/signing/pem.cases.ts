/** @module */
import { readPem } from "../../../src/device/signing/pem.js";
import type { Cases } from "../case.js";

const BEGIN = "-----BEGIN A KEY-----";
const END = "-----END A KEY-----";

export const cases: Cases = {
	"a block is read whatever stands around it and however its lines end": (check) => {
		for (const text of [
			`${BEGIN}AAEC${END}`,
			`${BEGIN}\nAAEC\n${END}\n`,
			`${BEGIN}\r\nAA\r\nEC\r\n${END}\r\n`,
			`Bag Attributes\n  key: x\n${BEGIN}\n AA\tEC \n${END}\ntrailer`,
			`é€😀\n${BEGIN}\nAAEC\n${END}`,
		])
			check.same(readPem(text), { label: "A KEY", der: Uint8Array.of(0, 1, 2) }, text);
	},
	"of two blocks the first is read": (check) => {
		check.same(readPem(`${BEGIN}AAEC${END}-----BEGIN B-----AAAA-----END B-----`)?.der, Uint8Array.of(0, 1, 2));
	},
	"what is no complete block is none": (check) => {
		for (const text of [
			"",
			"AAEC",
			"-----BEGIN",
			"-----BEGIN A KEY",
			BEGIN,
			`${BEGIN}AAEC`,
			`AAEC${END}`,
			`${END}AAEC${BEGIN}`,
			`${BEGIN}AAEC-----END B KEY-----`,
			`${BEGIN}AAEC-----END A KEY----`,
		])
			check.is(readPem(text), undefined, text);
	},
	"a label that could be a part of the key is no label": (check) => {
		for (const label of ["", "A KEY----\nMIIEvQ", "a key", "A_KEY", "A\nKEY"])
			check.is(readPem(`-----BEGIN ${label}-----AAEC-----END ${label}-----`), undefined, label);
	},
	"a body that is not base64 is refused": (check) => {
		for (const body of ["A", "AA-C", "AA\u00a0C", "====", "AAé="])
			check.throws(() => readPem(BEGIN + body + END), { code: "bad-base64" }, body);
	},
	"every length of body is read": (check) => {
		for (let length = 0; length < 100; length++) {
			const body = "A".repeat(4 * length).replace(/(.{64})/g, "$1\n");
			check.is(readPem(`${BEGIN}\n${body}\n${END}`)?.der.length, 3 * length);
		}
	},
};
