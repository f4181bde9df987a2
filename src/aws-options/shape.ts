/**
 * What an operation's input and output look like, as far as the command line has to know: a description that parsing,
 * checking and skeletons all follow.
 * @module
 */

export interface StringShape {
	readonly type: "string";
	/** The API model's name of the type, which an output skeleton shows in lists. */
	readonly name: string;
	/** Fewest characters. */
	readonly minimum?: number;
	/** The words AWS knows; others are sent as they are and judged by the service. */
	readonly values?: readonly string[];
	/** Its value never appears in an error. */
	readonly secret?: true;
}

export interface BlobShape {
	readonly type: "blob";
	readonly secret?: true;
}

export interface NumberShape {
	readonly type: "integer";
}

export interface BooleanShape {
	readonly type: "boolean";
}

export interface ListShape {
	readonly type: "list";
	/** Fewest members. */
	readonly minimum?: number;
	readonly member: Shape;
}

/** A map from text to text. */
export interface MapShape {
	readonly type: "map";
	readonly key: StringShape;
	readonly value: StringShape;
}

export interface StructureShape {
	readonly type: "structure";
	/** In the API model's order, which is that of skeletons and of output. */
	readonly members: Readonly<Record<string, Member>>;
}

export type Shape = StringShape | BlobShape | NumberShape | BooleanShape | ListShape | MapShape | StructureShape;

export interface Member {
	readonly shape: Shape;
	readonly required?: true;
	/** First sentence of the API reference; the comment in a YAML skeleton. */
	readonly about?: string;
}

export interface Operation {
	/** For instance `TestInvokeAuthorizer`. */
	readonly name: string;
	readonly input: StructureShape;
	readonly output: StructureShape;
}

/** Whether anything in a value of this shape must not be shown. */
export function holdsSecret(shape: Shape): boolean {
	switch (shape.type) {
		case "string":
		case "blob":
			return shape.secret === true;
		case "list":
			return holdsSecret(shape.member);
		case "map":
			return holdsSecret(shape.key) || holdsSecret(shape.value);
		case "structure":
			return Object.values(shape.members).some((member) => holdsSecret(member.shape));
		default:
			return false;
	}
}

/** The option of a member: `--cognito-identity-pool-id` for `cognitoIdentityPoolId`. */
export function optionName(member: string): string {
	return `--${member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
