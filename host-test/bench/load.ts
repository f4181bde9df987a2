/**
 * Requests to an HTTP server, several at a time over connections that stay open.
 * @module
 */
import { Agent, request } from "node:http";

export interface LoadRequest {
	/** Origin and path. */
	readonly url: string;
	readonly body: string;
}

export interface Load {
	/** Requests a second. */
	readonly rate: number;
	/** Milliseconds of the middle request. */
	readonly p50: number;
	/** Milliseconds that 99 of 100 requests do not exceed. */
	readonly p99: number;
}

/** Requests at a time. */
const CONNECTIONS = 8;
const WARM_UP = 200;

/** Sends POST requests, of which the first ones do not count. @throws where one is not answered with 200. */
export async function load(target: LoadRequest, requests: number): Promise<Load> {
	const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
	try {
		await send(target, agent, WARM_UP);
		const start = performance.now();
		const durations = await send(target, agent, requests);
		const rate = (requests * 1000) / (performance.now() - start);
		durations.sort((a, b) => a - b);
		const at = (share: number) => durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0;
		return { rate, p50: at(0.5), p99: at(0.99) };
	} finally {
		agent.destroy();
	}
}

async function send(target: LoadRequest, agent: Agent, requests: number): Promise<number[]> {
	const durations: number[] = [];
	let sent = 0;
	const client = async () => {
		while (sent++ < requests) {
			const start = performance.now();
			await post(target, agent);
			durations.push(performance.now() - start);
		}
	};
	await Promise.all(Array.from({ length: CONNECTIONS }, client));
	return durations;
}

function post({ url, body }: LoadRequest, agent: Agent): Promise<void> {
	return new Promise((resolve, reject) => {
		const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
		const call = request(url, { method: "POST", agent, headers }, (response) => {
			response.resume();
			response.on("error", reject);
			response.on("end", () => {
				if (response.statusCode === 200) resolve();
				else reject(new Error(`${url} answered ${response.statusCode}`));
			});
		});
		call.on("error", reject);
		call.end(body);
	});
}
