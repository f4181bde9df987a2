import test from "ava";
import { isInstalled } from "../aws-clients/index.js";
import { Boto3Client } from "./clients/boto3.js";
import { play, plays } from "./scenario.js";
import { scenarios } from "./scenarios/index.js";

if (isInstalled("boto3")) {
	const client = new Boto3Client();
	test.after.always(() => client.close());
	for (const scenario of scenarios.filter((candidate) => plays(client, candidate))) {
		test.serial(scenario.title, (t) => play(t, client, scenario));
	}
} else {
	test("left out: the client is not installed", (t) => t.pass());
}
