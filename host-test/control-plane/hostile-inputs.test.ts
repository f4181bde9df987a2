import test, { type ExecutionContext } from "ava";
import fc, { type Arbitrary } from "fast-check";
import { allOperations } from "../../src/control-plane/operations.js";
import { brokenRequests, fittingRequests } from "./hostile-inputs.js";
import { type ControlPlaneSite, openSite } from "./site.js";
import { exchange, misshapen, requestBytes, type WireRequest } from "./wire.js";

const RUNS = 1000;
/** No function runs here: what it might take its time for is not what this is about. */
const operations = allOperations.filter(({ name }) => name !== "Invoke" && name !== "TestInvokeAuthorizer");

async function siteFor(t: ExecutionContext): Promise<ControlPlaneSite> {
	const site = await openSite();
	t.teardown(() => site.close());
	return site;
}

/** Everything that a call could have stored. */
function contentOf({ account, stage }: ControlPlaneSite): string {
	const { authorizers, policies, domainConfigurations, functions } = account;
	const functionArns = functions.list().map(({ functionArn }) => functionArn);
	const arns = [...authorizers.list().map(({ arn }) => arn), ...functionArns];
	return JSON.stringify([
		authorizers.list(),
		authorizers.defaultName,
		policies.list(),
		domainConfigurations.list(),
		functions.list(),
		functionArns.map((arn) => authorizers.list().map((authorizer) => functions.permits(arn, authorizer.arn))),
		arns.map((arn) => account.tags.list(arn)),
		stage.gateway.listRetainedMessages(),
	]);
}

async function send({ stage }: ControlPlaneSite, request: WireRequest) {
	return exchange(stage.api.port, requestBytes(request));
}

test(`${RUNS} requests of which one member breaks its shape: each is refused in AWS's shape, and nothing is stored`, async (t) => {
	const site = await siteFor(t);
	const before = contentOf(site);
	const broken = fc.constantFrom(...allOperations).chain(brokenRequests) as Arbitrary<WireRequest>;
	await fc.assert(
		fc.asyncProperty(broken, async (request) => {
			const problem = misshapen(await send(site, request));
			if (problem !== undefined) throw new Error(problem);
		}),
		{ numRuns: RUNS, includeErrorInReport: true },
	);
	t.is(contentOf(site), before);
});

test("whatever keeps to the shapes is done or refused in AWS's shape, and never a defect", async (t) => {
	const site = await siteFor(t);
	const fitting = fc.constantFrom(...operations).chain(fittingRequests) as Arbitrary<WireRequest>;
	let done = 0;
	await fc.assert(
		fc.asyncProperty(fitting, async (request) => {
			const answer = await send(site, request);
			if (answer !== undefined && answer.status < 300) done++;
			else {
				const problem = misshapen(answer);
				if (problem !== undefined) throw new Error(problem);
			}
		}),
		{ numRuns: RUNS, includeErrorInReport: true },
	);
	t.true(done > RUNS / 100, `${done} were done`);
});
