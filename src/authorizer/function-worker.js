/**
 * Where the process of a local function starts. Node 20 does not load TypeScript, so this one file is JavaScript and
 * registers the loader itself, after the watchdog is under way.
 * @module
 */
import { Worker } from "node:worker_threads";
import { register as registerCommonJs } from "tsx/cjs/api";
import { register } from "tsx/esm/api";

const [lifeline, memory] = process.argv.slice(2).map(Number);
const watchdog = new URL("./function-watchdog.js", import.meta.url);
new Worker(watchdog, { execArgv: [], workerData: { lifeline, memory } }).unref();

registerCommonJs();
register();
await import("./function-runtime.ts");
