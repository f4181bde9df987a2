import test from "ava";
import { SdkClient } from "./clients/sdk.js";
import { play, plays } from "./scenario.js";
import { scenarios } from "./scenarios/index.js";

const client = new SdkClient();
test.after.always(() => client.close());
for (const scenario of scenarios.filter((candidate) => plays(client, candidate))) {
	test.serial(scenario.title, (t) => play(t, client, scenario));
}
