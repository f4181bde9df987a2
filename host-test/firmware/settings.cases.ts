/**
 * What a build says, taken with care: some of it was typed on a command line.
 * @module
 */
import { firmwareSettings } from "../../src/firmware/settings.js";
import type { Cases } from "../device/case.js";

const SOURCES = Date.UTC(2026, 10, 1);

export const cases: Cases = {
	"a build that says nothing has version 0, public servers of time, and no light"(check) {
		const settings = firmwareSettings({});
		check.is(settings.firmwareVersion, 0);
		check.is(settings.notBefore, SOURCES);
		check.is(settings.lightPin, undefined);
		check.is(settings.lightIsActiveLow, false);
		check.same(
			settings.timeServers.map(({ host, port }) => `${host}:${port}`),
			["time.aws.com:123", "time.cloudflare.com:123", "pool.ntp.org:123"],
		);
	},

	"numbers come as numbers or as digits"(check) {
		check.is(firmwareSettings({ firmwareVersion: 4294967295 }).firmwareVersion, 4294967295);
		check.is(firmwareSettings({ firmwareVersion: "12" }).firmwareVersion, 12);
		check.is(firmwareSettings({ lightPin: "0" }).lightPin, 0);
	},

	"the clock cannot be right before the build, nor before the sources"(check) {
		check.is(firmwareSettings({ built: 1_900_000_000_000 }).notBefore, 1_900_000_000_000);
		check.is(firmwareSettings({ built: "1900000000000" }).notBefore, 1_900_000_000_000);
		check.is(firmwareSettings({ built: 0 }).notBefore, SOURCES);
	},

	"a value that makes no sense is as if it had not been said"(check) {
		for (const value of [-1, 1.5, "x", "", "-1", 4294967296, Number.NaN, true, null, {}, "1e3"])
			check.is(firmwareSettings({ firmwareVersion: value }).firmwareVersion, 0, String(value));
		check.is(firmwareSettings({ lightPin: 256 }).lightPin, undefined);
	},

	"servers of time: a list, or a text with commas, each with or without a port"(check) {
		const expected = [
			{ host: "ntp.lan", port: 123 },
			{ host: "192.0.2.1", port: 1123 },
		];
		check.same(firmwareSettings({ timeServers: ["ntp.lan", "192.0.2.1:1123"] }).timeServers, expected);
		check.same(firmwareSettings({ timeServers: "ntp.lan, 192.0.2.1:1123" }).timeServers, expected);
	},

	"servers that make no sense are passed over; where none is left, the usual ones are asked"(check) {
		const some = firmwareSettings({ timeServers: ["ntp.lan", "", "a b", "x:0", "x:65536", "x:", 7, "[::1]"] });
		check.same(some.timeServers, [{ host: "ntp.lan", port: 123 }]);
		check.is(firmwareSettings({ timeServers: "," }).timeServers.length, 3);
		check.is(firmwareSettings({ timeServers: 7 }).timeServers.length, 3);
	},

	"a light may be lit by a low pin"(check) {
		for (const value of [true, 1, "true", "1"])
			check.is(firmwareSettings({ lightActiveLow: value }).lightIsActiveLow, true);
		for (const value of [false, 0, "false", "", undefined])
			check.is(firmwareSettings({ lightActiveLow: value }).lightIsActiveLow, false);
	},
};
