/**
 * `npm run bench:device`: time, heap and size of the device core in the real engine, each figure beside a baseline of the
 * same run. `-- --json` prints an array of rows instead of the table.
 * @module
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleGuest, ensureEngine } from "../xs/index.js";
import { DEVICE_GUEST } from "../xs/xs-device.js";
import { benchConnect } from "./connect.js";
import { printTable, type Row, row } from "./rows.js";
import { benchSign } from "./sign.js";

const world = {
	engine: await ensureEngine({ onProgress: ({ step }) => process.stderr.write(`XS engine: ${step}\n`) }),
};
const rows: Row[] = [];
process.stderr.write("Signing …\n");
rows.push(...(await benchSign(world)));
process.stderr.write("Connecting …\n");
rows.push(...(await benchConnect(world)));
rows.push(await bundleSize());

if (process.argv.includes("--json")) console.log(JSON.stringify(rows, undefined, "\t"));
else printTable(rows);

/** The whole device beside the two packages it would otherwise be made of, without what those need of Node. */
async function bundleSize(): Promise<Row> {
	const peers = await build({
		stdin: {
			contents: 'import * as mqtt from "mqtt-packet"; import jsrsasign from "jsrsasign"; console.log(mqtt, jsrsasign);',
			resolveDir: fileURLToPath(new URL(".", import.meta.url)),
		},
		bundle: true,
		minify: true,
		platform: "node",
		format: "esm",
		write: false,
	});
	const ours = await bundleGuest(DEVICE_GUEST, { minify: true });
	const [file] = peers.outputFiles;
	return row("device bundle, minified, beside mqtt-packet + jsrsasign", "bytes", file!.contents.length, ours.bytes);
}
