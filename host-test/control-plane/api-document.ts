/**
 * docs/api.md, made of the table of operations and of what the scenarios call.
 * @module
 */
import { apiTable, type TestedBy } from "../../src/control-plane/api-table.js";
import { allOperations } from "../../src/control-plane/operations.js";
import { operationsTested } from "./scenarios/index.js";

/** Clients that play the scenarios. */
const CLIENTS = ["AWS CLI", "boto3", "AWS SDK for JavaScript v3"] as const;

const INTRODUCTION = `# The API

AWS's operations that Latchkey has, for \`aws --endpoint-url http://127.0.0.1:4570\` and every other client of AWS. This page is
made by \`npm run docs:api\` out of the table that serves them; a test fails when it is stale.

- **Signatures** (SigV4, service \`iot\`, \`execute-api\`, \`iotdata\`, \`iotdevicegateway\` or \`lambda\`) are taken as they come, and requests
  without one too; with \`latchkey up --verify-sigv4\` they must be right.
- **Errors** are AWS's: header \`x-amzn-ErrorType\`, a JSON body, AWS's words where they are known. An operation that is not in the
  table answers 404 \`UnknownOperationException\`.
- **Tested by** names the clients that play at least one scenario with the operation (\`host-test/control-plane/scenarios\`), and in how
  many of them it is called. Every row is also held against the API model that the installed AWS CLI carries.

`;

/** The whole page. */
export function apiDocument(): string {
	return INTRODUCTION + apiTable(allOperations, testedBy());
}

function testedBy(): TestedBy {
	const counts = CLIENTS.map((client) => ({ client, played: operationsTested(client) }));
	const operations = allOperations.map(({ service, name }) => `${service}:${name}`);
	return Object.fromEntries(
		operations.map((operation) => [
			operation,
			counts.flatMap(({ client, played }) => {
				const scenarios = played.get(operation);
				return scenarios === undefined ? [] : [`${client}: ${scenarios}`];
			}),
		]),
	);
}
