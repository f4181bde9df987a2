/**
 * `npm run docs:api`: writes docs/api.md.
 * @module
 */
import { writeFileSync } from "node:fs";
import { apiDocument } from "./api-document.js";

writeFileSync(new URL("../../docs/api.md", import.meta.url), apiDocument());
