/**
 * What the tables promise of themselves.
 * @module
 */
import test from "ava";
import { TLS_FAILURE } from "../../src/firmware/native/tls-failure.js";
import { badServers } from "./bad-servers.js";
import { goodServers } from "./good-servers.js";
import { lateServers } from "./late-servers.js";

const names = [...badServers, ...lateServers, ...goodServers].map(({ name }) => name);

test("there are sixty bad servers and more that differ in more than an alert's number", (t) => {
	const alerts = badServers.filter(({ name }) => /^(?:fatal|warning)-/.test(name));
	t.true(badServers.length - alerts.length >= 60, `${badServers.length} less ${alerts.length}`);
});

test("every name is kebab-case and occurs once", (t) => {
	t.deepEqual(
		names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)),
		[],
	);
	t.deepEqual(
		names.filter((name, index) => names.indexOf(name) !== index),
		[],
	);
});

test("every failure a certificate can be refused with is asked for by some server first", (t) => {
	const first = new Set(badServers.map(({ refusedWith }) => refusedWith[0]));
	for (const name of Object.keys(TLS_FAILURE).filter((failure) => failure.startsWith("certificate-")))
		t.true(first.has(name as (typeof badServers)[number]["refusedWith"][0]), name);
});

test("no bad server is one that both clients take", (t) => {
	for (const { name, takenBy = {} } of badServers) t.true(Object.keys(takenBy).length < 2, name);
});
