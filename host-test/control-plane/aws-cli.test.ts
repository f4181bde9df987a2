import test from "ava";
import { isInstalled } from "../aws-clients/index.js";
import { AwsCliClient } from "./clients/aws-cli.js";
import { play, plays } from "./scenario.js";
import { scenarios } from "./scenarios/index.js";

if (isInstalled("awscli.botocore")) {
	const client = new AwsCliClient();
	test.after.always(() => client.close());
	for (const scenario of scenarios.filter((candidate) => plays(client, candidate))) {
		test.serial(scenario.title, (t) => play(t, client, scenario));
	}
} else {
	test("left out: the client is not installed", (t) => t.pass());
}
