/**
 * Holds operations against AWS's own API model, as the AWS CLI brings it along.
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Operation } from "../../src/control-plane/operation.js";
import { type Bound, isRequired, type Shape, shapeOf } from "../../src/control-plane/shape.js";
import { isInstalled } from "../aws-clients/index.js";

interface ModelShape {
	readonly type: string;
	readonly pattern?: string;
	readonly min?: number;
	readonly max?: number;
	readonly enum?: readonly string[];
	readonly required?: readonly string[];
	readonly payload?: string;
	readonly members?: Readonly<Record<string, ModelMember>>;
	readonly member?: ModelMember;
	readonly key?: ModelMember;
	readonly value?: ModelMember;
}

interface ModelMember {
	readonly shape: string;
	readonly location?: string;
	readonly locationName?: string;
}

/** AWS's model of a service, as botocore has it. */
export interface ServiceModel {
	readonly operations: Readonly<
		Record<
			string,
			{
				readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
				readonly input?: { readonly shape: string };
				readonly errors?: readonly { readonly shape: string }[];
			}
		>
	>;
	readonly shapes: Readonly<Record<string, ModelShape>>;
}

const FOLDERS = { iot: "iot/2015-05-28", "iot-data": "iot-data/2015-05-28", lambda: "lambda/2015-03-31" } as const;

/** Models by service; undefined where the AWS CLI is not installed, which is said (and an error with CI=true). */
export function readModels(): Readonly<Record<keyof typeof FOLDERS, ServiceModel>> | undefined {
	if (!isInstalled("awscli.botocore")) return undefined;
	const where = "import awscli.botocore; print(awscli.botocore.__path__[0])";
	const folder = spawnSync("/usr/bin/python3", ["-c", where], { encoding: "utf8" }).stdout.trim();
	const read = (service: keyof typeof FOLDERS) => {
		const file = join(folder, "data", FOLDERS[service], "service-2.json");
		if (!existsSync(file)) throw new Error(`the AWS CLI has no model at ${file}`);
		return JSON.parse(readFileSync(file, "utf8")) as ServiceModel;
	};
	return { iot: read("iot"), "iot-data": read("iot-data"), lambda: read("lambda") };
}

/** Every difference of an operation from the model, each in a line that begins with its place. */
export function differencesFromModel(operation: Operation<never>, model: ServiceModel): readonly string[] {
	const { name, method, path, status, errors, input } = operation;
	const modelled = model.operations[name];
	if (modelled === undefined) return [`${name}: not in the model`];
	const { http } = modelled;
	const ownPath = path.replace("+}", "}").replace(/\/$/, "");
	const modelPath = http.requestUri.replace("+}", "}").replace(/\/$/, "");
	const modelErrors = (modelled.errors ?? []).map(({ shape }) => shape);
	const modelInput = modelled.input === undefined ? { type: "structure" } : shapeIn(model, modelled.input);
	return [
		...differ(`${name} method`, method, http.method),
		...differ(`${name} path`, ownPath, modelPath),
		...differ(`${name} status`, status, http.responseCode ?? 200),
		...errors.filter((type) => !modelErrors.includes(type)).map((type) => `${name} error ${type}: not in the model`),
		...modelErrors
			.filter((type) => !errors.includes(type as never))
			.map((type) => `${name} error ${type}: in the model only`),
		...structureDifferences(name, input, modelInput, model),
	];
}

function shapeIn(model: ServiceModel, { shape }: { readonly shape: string }): ModelShape {
	const found = model.shapes[shape];
	if (found === undefined) throw new Error(`the model has no shape ${shape}`);
	return found;
}

function differ(place: string, own: unknown, modelled: unknown): readonly string[] {
	const [ours, theirs] = [JSON.stringify(own), JSON.stringify(modelled)];
	return ours === theirs ? [] : [`${place}: ${ours}, in the model ${theirs}`];
}

function structureDifferences(
	place: string,
	own: Extract<Shape, { type: "structure" }>,
	modelled: ModelShape,
	model: ServiceModel,
): readonly string[] {
	const modelMembers = modelled.members ?? {};
	const missing = Object.keys(modelMembers).filter((name) => !(name in own.members));
	return [
		...missing.map((name) => `${place}.${name}: in the model only`),
		...Object.entries(own.members).flatMap(([name, member]) => {
			const modelMember = modelMembers[name];
			const shape = shapeOf(member);
			// What a later model has may be refused by name before this one knows it.
			if (modelMember === undefined) return shape.type === "unsupported" ? [] : [`${place}.${name}: not in the model`];
			const required = modelled.required?.includes(name) ?? false;
			return [
				...differ(`${place}.${name} required`, isRequired(own, name), required),
				...differ(`${place}.${name} location`, locationOf(name, member), modelLocation(name, modelMember, modelled)),
				...shapeDifferences(`${place}.${name}`, shape, shapeIn(model, modelMember), model),
			];
		}),
	];
}

const LOCATIONS: Readonly<Record<string, string>> = { querystring: "query", uri: "uri", header: "header" };

function locationOf(name: string, member: Shape | Bound): string {
	if (!("location" in member)) return `body ${name}`;
	const { location, wireName = name } = member;
	return `${location} ${wireName}`.toLowerCase();
}

function modelLocation(name: string, { location, locationName = name }: ModelMember, { payload }: ModelShape): string {
	if (payload === name) return `payload ${name}`.toLowerCase();
	if (location === undefined) return `body ${locationName}`;
	return `${LOCATIONS[location] ?? location} ${locationName}`.toLowerCase();
}

const TYPES: Readonly<Record<string, string>> = { long: "integer" };

function shapeDifferences(place: string, own: Shape, modelled: ModelShape, model: ServiceModel): readonly string[] {
	if (own.type === "unsupported") return [];
	if (own.type === "word") return differ(`${place} words`, own.words, modelled.enum);
	const type = differ(`${place} type`, own.type, TYPES[modelled.type] ?? modelled.type);
	if (type.length > 0) return type;
	const words = differ(`${place} words`, undefined, modelled.enum);
	if (own.type === "structure") return structureDifferences(place, own, modelled, model);
	return [...words, ...boundDifferences(place, own, modelled), ...partDifferences(place, own, modelled, model)];
}

function boundDifferences(place: string, own: Shape, modelled: ModelShape): readonly string[] {
	const { min, max, pattern } = own as { min?: number; max?: number; pattern?: string };
	// No value is shorter than nothing.
	const least = (bound: number | undefined) => (bound === 0 && own.type !== "integer" ? undefined : bound);
	return [
		...differ(`${place} min`, least(min), least(modelled.min)),
		...differ(`${place} max`, max, modelled.max),
		...differ(`${place} pattern`, pattern, modelled.pattern),
	];
}

function partDifferences(place: string, own: Shape, modelled: ModelShape, model: ServiceModel): readonly string[] {
	const part = (name: string, shape: unknown, member: ModelMember | undefined) =>
		member === undefined ? [] : shapeDifferences(`${place}.${name}`, shape as Shape, shapeIn(model, member), model);
	if (own.type === "list") return part("member", own.member, modelled.member);
	if (own.type === "map") return [...part("key", own.key, modelled.key), ...part("value", own.value, modelled.value)];
	return [];
}
