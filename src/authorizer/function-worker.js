/**
 * Where the thread of a local function starts. Node 20 does not load TypeScript, nor does it apply `--import` to a
 * thread, so this one file is JavaScript and registers the loader itself.
 * @module
 */
import { register as registerCommonJs } from "tsx/cjs/api";
import { register } from "tsx/esm/api";

registerCommonJs();
register();
await import("./function-runtime.ts");
