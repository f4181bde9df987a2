/**
 * `npm run bench:api`: policy evaluations, and requests to the API beside a bare HTTP server that answers with the same
 * bytes. `-- --json` prints an array of rows instead of the table.
 * @module
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuthenticationStep } from "../../src/authorizer/index.js";
import { allOperations, FunctionCode, startControlPlane } from "../../src/control-plane/index.js";
import { ADMISSION, openSite, sign, tokenFor } from "../control-plane/site.js";
import { load } from "./load.js";
import { benchPolicies } from "./policies.js";
import { printTable, type Row, row } from "./rows.js";

const REQUESTS = 4000;
const POLICY = {
	Version: "2012-10-17",
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
	Statement: [{ Effect: "Allow", Action: "iot:Connect", Resource: "arn:aws:iot:*:*:client/${iot:ClientId}" }],
};

process.stderr.write("Policies …\n");
const rows: Row[] = benchPolicies();
const site = await openSite();
const steps: AuthenticationStep[] = [];
const api = await startControlPlane({
	host: "127.0.0.1",
	port: 0,
	operations: allOperations,
	context: {
		account: site.account,
		endpointAddress: "localhost",
		functionCode: new FunctionCode(site.directory),
		messages: site.stage.gateway,
		now: Date.now,
		observe: (step) => steps.push(step),
	},
});
try {
	site.account.policies.create({ policyName: "Own", policyDocument: JSON.stringify(POLICY) });
	process.stderr.write("TestAuthorization …\n");
	const resources = ["arn:aws:iot:eu-west-1:123456789012:client/dev1"];
	const question = { policyNamesToAdd: ["Own"], authInfos: [{ actionType: "CONNECT", resources }] };
	rows.push(...(await benchOperation("TestAuthorization", "/test-authorization?clientId=dev1", question)));
	process.stderr.write("TestInvokeAuthorizer …\n");
	const token = tokenFor(ADMISSION);
	steps.length = 0;
	const credential = { token, tokenSignature: sign(token) };
	rows.push(...(await benchOperation("TestInvokeAuthorizer", "/authorizer/Signed/test", credential)));
	rows.push(...shares(steps));
} finally {
	await api.close();
	await site.close();
}
if (process.argv.includes("--json")) console.log(JSON.stringify(rows, undefined, "\t"));
else printTable(rows);

async function benchOperation(name: string, path: string, input: object): Promise<Row[]> {
	const body = JSON.stringify(input);
	const answer = await fetch(api.url + path, { method: "POST", body });
	if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
	const bare = await startBareServer(await answer.text());
	try {
		const baseline = await load({ url: bare.url, body }, REQUESTS);
		const ours = await load({ url: api.url + path, body }, REQUESTS);
		return [
			row(`${name}, beside a bare HTTP server`, "1/s", baseline.rate, ours.rate),
			row(`${name}, p50, beside it`, "ms", baseline.p50, ours.p50),
			row(`${name}, p99, beside it`, "ms", baseline.p99, ours.p99),
		];
	} finally {
		await bare.close();
	}
}

/** What of a TestInvokeAuthorizer is the function's call, its way to the function's process and back included. */
function shares(observed: readonly AuthenticationStep[]): Row[] {
	const inFunction = observed.flatMap((step) => (step.step === "function-invoked" ? [step.duration] : []));
	const inSignature = observed.flatMap((step) => (step.step === "signature-verified" ? [step.duration] : []));
	const whole = rows.find(({ name }) => name === "TestInvokeAuthorizer, p50, beside it")?.ours ?? Number.NaN;
	return [
		row("TestInvokeAuthorizer, p50 of the function's call, beside the whole", "ms", whole, middle(inFunction)),
		row("TestInvokeAuthorizer, p50 of the signature's check, beside the whole", "ms", whole, middle(inSignature)),
	];
}

function middle(figures: readonly number[]): number {
	return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

async function startBareServer(answer: string) {
	const server = createServer((request, response) => {
		request.resume();
		request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(answer));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		async close() {
			const closed = once(server, "close");
			server.close();
			server.closeIdleConnections();
			await closed;
		},
	};
}
