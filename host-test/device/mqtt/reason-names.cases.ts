/**
 * Names of codes, for people.
 * @module
 */
import { reasonName } from "../../../src/device/mqtt/reason-names.js";
import type { Cases } from "../case.js";

export const cases: Cases = {
	"a reason code of MQTT 5 has a name": (check) => check.is(reasonName(0x87, 5), "not authorized"),
	"codes of success have names": (check) => {
		check.same(
			[0, 1].map((code) => reasonName(code, 5)),
			["success", "granted QoS 1"],
		);
		check.is(reasonName(0, 4), "accepted");
	},
	"a return code of MQTT 3.1.1 has another": (check) => check.is(reasonName(4, 4), "bad user name or password"),
	"AWS's own return code has a name": (check) => check.is(reasonName(7, 4), "not authorized (AWS)"),
	"a code without a name is a number": (check) => check.is(reasonName(0x9d, 5), "reason 0x9d"),
	"a number has two digits": (check) => check.is(reasonName(6, 4), "reason 0x06"),
};
