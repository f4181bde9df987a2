/**
 * A second thread in the process of a local function, for what the first cannot do while it is in an endless loop: end
 * the process when Latchkey is gone, even when it was killed, and when the process has taken more memory than it may,
 * native memory included, which V8's own limit does not count.
 * @module
 */
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";

/** Milliseconds between two looks at the memory; each takes about 10 microseconds. */
const INTERVAL = 20;

/** Ends the process and what it started: it leads a process group of its own. */
function end() {
	process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
}

const lifeline = new Socket({ fd: workerData.lifeline });
lifeline.on("error", end);
lifeline.on("close", end);
lifeline.resume();

setInterval(() => {
	if (process.memoryUsage.rss() > workerData.memory) lifeline.write("out of memory\n", end);
}, INTERVAL);
