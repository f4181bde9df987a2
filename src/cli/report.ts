/**
 * What `demo` and `up` tell: lines for people, or one JSON event a line for programs, from the same events.
 * @module
 */
import type { GatewayEvent } from "../gateway/index.js";
import type { DeviceEvent } from "../host/virtual-device.js";
import type { DeviceEngine } from "./engine.js";
import { formatDuration, type Line, renderLine, tellDeviceEvent, tellGatewayEvent } from "./narration.js";
import { paintFor } from "./output.js";
import type { upEvent } from "./stage.js";

type UpEvent = ReturnType<typeof upEvent>;

export interface RoundTrip {
	readonly engine: "xs" | "node";
	readonly clientId: string;
	/** Milliseconds from power-up to the command's arrival. */
	readonly duration: number;
	/** Milliseconds from the command's publication to its arrival. */
	readonly commandDuration: number;
}

export class Report {
	private readonly json: boolean;
	private readonly paint = paintFor(process.stdout);
	/** Gateway events that the scene shows to people; all when absent. */
	private shown: readonly string[] | undefined;

	constructor(json: boolean) {
		this.json = json;
	}

	/** About the work itself, not its result: goes to stderr. */
	progress(line: string): void {
		process.stderr.write(`${line}\n`);
	}

	up(event: UpEvent, { title, notice }: Pick<DeviceEngine, "title" | "notice">): void {
		if (this.json) {
			this.write(event);
			return;
		}
		const { bold } = this.paint;
		const { host, port, serverName, caFile } = event.gateway;
		this.print(`\n  ${bold("latchkey demo")}: one token, end to end\n`);
		this.print(`  gateway     ${host}:${port}, TLS with server name ${serverName} and ALPN mqtt, CA ${caFile}`);
		this.print(`  authorizer  ${event.authorizer?.name}, function examples/authorizer.ts`);
		this.print(`  devices     in ${title}`);
		if (notice !== undefined) this.print(`  notice      ${notice}`);
	}

	/** @param shown the gateway's events that people see in this scene. */
	scene(title: string, shown?: readonly string[]): void {
		this.shown = shown;
		if (!this.json) this.print(`\n  ${this.paint.bold(title)}`);
	}

	gateway(event: GatewayEvent): void {
		if (this.json) this.write(from("gateway", event));
		else if (this.shown?.includes(event.event) ?? true) this.line("gateway", tellGatewayEvent(event));
	}

	device(clientId: string, event: DeviceEvent): void {
		if (this.json) this.write(from(clientId, jsonOfDeviceEvent(event)));
		else if (this.shown === undefined || event.event === "message") this.line(clientId, tellDeviceEvent(event));
	}

	roundTrip(roundTrip: RoundTrip): void {
		if (this.json) {
			this.write({ event: "round-trip", ...roundTrip });
			return;
		}
		const { duration, commandDuration } = roundTrip;
		const seconds = `${formatDuration(duration)} after power-up, ${formatDuration(commandDuration)} after it was sent`;
		this.print(`\n  ${this.paint.green("Round trip complete")}: the command arrived ${seconds}.\n`);
	}

	stayingUp(howToTalk: string): void {
		if (this.json) return;
		this.print(`${howToTalk}\n\n  The gateway and ${this.paint.bold("thermometer-1")} stay up; Ctrl-C ends them.\n`);
	}

	private line(who: string, line: Line | undefined): void {
		if (line !== undefined) this.print(renderLine(this.paint, who, line));
	}

	private print(text: string): void {
		process.stdout.write(`${text}\n`);
	}

	private write(event: object): void {
		process.stdout.write(`${JSON.stringify(event)}\n`);
	}
}

/** An event with its name and its source before everything else. */
function from(source: string, { event, ...details }: { readonly event: string }): object {
	return { event, source, ...details };
}

/** A device's event as JSON keeps it: payloads in base64, errors with their text. */
export function jsonOfDeviceEvent(event: DeviceEvent): { readonly event: string; readonly [detail: string]: unknown } {
	if (event.event === "message")
		return { ...event, packet: { ...event.packet, payload: Buffer.from(event.packet.payload).toString("base64") } };
	if (!("error" in event) || event.error === undefined) return { ...event };
	const { code, step, message, remedy } = event.error;
	return { ...event, error: { code, step, message, remedy } };
}
