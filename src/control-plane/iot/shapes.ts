/**
 * Shapes that several operations of AWS IoT share (AWS IoT API Reference, "Data Types").
 * @module
 */
import { boolean, integer, list, map, query, string, structure, word } from "../shape.js";

/** Any text at all, line breaks included, as AWS's model writes it. */
const ANY = "[\\s\\S]*";

export const AUTHORIZER_NAME = string({ pattern: "[\\w=,@-]+", min: 1, max: 128 });
export const AUTHORIZER_FUNCTION_ARN = string({ pattern: ANY, max: 2048 });
export const TOKEN_KEY_NAME = string({ pattern: "[a-zA-Z0-9_-]+", min: 1, max: 128 });
export const AUTHORIZER_STATUS = word(["ACTIVE", "INACTIVE"]);
export const PUBLIC_KEY_MAP = map(
	string({ pattern: "[a-zA-Z0-9:_-]+", min: 1, max: 128 }),
	string({ pattern: ANY, max: 5120 }),
);

export const POLICY_NAME = string({ pattern: "[\\w+=,.@-]+", min: 1, max: 128 });
export const POLICY_DOCUMENT = string({ pattern: ANY, min: 0, max: 404_600 });
export const POLICY_VERSION_ID = string({ pattern: "[0-9]+" });
export const POLICY_TARGET = string();

export const CLIENT_ID = string();
export const PRINCIPAL = string();
export const COGNITO_IDENTITY_POOL_ID = string();
export const THING_NAME = string({ pattern: "[a-zA-Z0-9:_-]+", min: 1, max: 128 });

export const TAG_KEY = string({ pattern: "^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$", min: 1, max: 128 });
export const TAGS = list(structure({ Key: TAG_KEY, Value: string({ min: 0, max: 256 }) }, ["Key"]));

/** Items of a page where the request does not say; AWS's own default is not documented. */
export const LARGEST_PAGE = 250;

/** Members by which lists are read in pages. */
export const PAGE = {
	marker: query(string({ pattern: "[A-Za-z0-9+/]+={0,2}", max: 1024 })),
	pageSize: query(integer({ min: 1, max: LARGEST_PAGE })),
} as const;

/** The order of lists; its name in the query is not that of the member. */
export const ASCENDING_ORDER = query(boolean(), "isAscendingOrder");

export { ANY };
