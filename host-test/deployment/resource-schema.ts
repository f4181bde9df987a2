/**
 * Holds CloudFormation templates against AWS's own resource specification, as the AWS CDK ships it.
 * @module
 */
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import type { Property, PropertyType, Resource } from "@aws-cdk/service-spec-types";
import type { CloudFormationTemplate } from "../../src/deployment/index.js";

type SpecDatabase = ReturnType<typeof loadAwsServiceSpecSync>;

/** Every way in which a template breaks the specification, as `path: problem`. */
export class ResourceSchema {
	private readonly database: SpecDatabase = loadAwsServiceSpecSync();

	problems(template: CloudFormationTemplate): readonly string[] {
		return [...resourceProblems(this, template), ...referenceProblems(template)];
	}

	resource(type: string): Resource | undefined {
		return this.database.lookup("resource", "cloudFormationType", "equals", type)[0];
	}

	*check(value: unknown, type: PropertyType, path: string): Iterable<string> {
		if (value === undefined || isIntrinsic(value)) return;
		if (type.type === "array" || type.type === "map") yield* this.items(value, type, path);
		else if (type.type === "tag") yield* this.members(value, TAG, path);
		else if (type.type === "ref") yield* this.members(value, this.definition(type), path);
		else if (type.type === "union") {
			if (!type.types.some((one) => [...this.check(value, one, path)].length === 0)) yield `${path}: no type fits`;
		} else yield* checkPlain(value, type, path);
	}

	private *items(value: unknown, type: CollectionType, path: string): Iterable<string> {
		if (Array.isArray(value) !== (type.type === "array")) yield `${path}: expected ${type.type}`;
		else
			for (const [key, item] of Object.entries(value as object))
				yield* this.check(item, type.element, `${path}.${key}`);
	}

	private definition(type: Extract<PropertyType, { type: "ref" }>): Readonly<Record<string, Property>> {
		return this.database.get("typeDefinition", type.reference.$ref).properties;
	}

	*members(value: unknown, properties: Readonly<Record<string, Property>>, path: string): Iterable<string> {
		if (typeof value !== "object" || value === null) {
			yield `${path}: expected an object`;
			return;
		}
		for (const [name, member] of Object.entries(value)) {
			const property = properties[name];
			if (property === undefined) yield `${path}.${name}: no such property`;
			else yield* this.check(member, property.type, `${path}.${name}`);
		}
		for (const [name, { required }] of Object.entries(properties)) {
			if (required === true && (value as Record<string, unknown>)[name] === undefined) yield `${path}.${name}: missing`;
		}
	}
}

const TAG: Readonly<Record<string, Property>> = {
	Key: { type: { type: "string" }, required: true },
	Value: { type: { type: "string" }, required: true },
};

type CollectionType = Extract<PropertyType, { type: "array" | "map" }>;

function* checkPlain(value: unknown, type: PropertyType, path: string): Iterable<string> {
	const expected = { string: "string", integer: "number", number: "number", boolean: "boolean", json: "object" };
	const wanted = expected[type.type as keyof typeof expected];
	if (wanted === undefined) yield `${path}: a type this check does not know: ${type.type}`;
	else if (typeof value !== wanted) yield `${path}: expected ${type.type}`;
	else if (type.type === "string" && type.allowedValues?.includes(value as string) === false) {
		yield `${path}: ${value} is not allowed`;
	}
}

function* resourceProblems(schema: ResourceSchema, { Resources }: CloudFormationTemplate): Iterable<string> {
	for (const [name, { Type, Properties }] of Object.entries(Resources)) {
		if (!/^[A-Za-z0-9]{1,255}$/.test(name)) yield `${name}: no logical name`;
		if (Type.startsWith("Custom::")) continue;
		const resource = schema.resource(Type);
		if (resource === undefined) yield `${name}: no such type ${Type}`;
		else yield* schema.members(Properties, resource.properties, name);
	}
}

function* referenceProblems({ Resources, Parameters = {}, Outputs }: CloudFormationTemplate): Iterable<string> {
	const known = new Set([...Object.keys(Resources), ...Object.keys(Parameters)]);
	for (const target of references([Resources, Outputs])) {
		if (!known.has(target) && !target.startsWith("AWS::")) yield `reference to ${target}, which does not exist`;
	}
}

function* references(value: unknown): Iterable<string> {
	if (typeof value !== "object" || value === null) return;
	for (const [name, member] of Object.entries(value)) {
		if (name === "Ref" && typeof member === "string") yield member;
		else if (name === "Fn::GetAtt" && Array.isArray(member)) yield String(member[0]);
		else if (name === "DependsOn" && Array.isArray(member)) yield* member.map(String);
		else yield* references(member);
	}
}

function isIntrinsic(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	const names = Object.keys(value);
	return names.length === 1 && /^(Ref|Fn::\w+)$/.test(names[0] ?? "");
}
