/** The file that takes longest begins first: at the end it would have one core to itself and leave the others idle. */
const LONGEST = /\bxs\/cases-rv32\.test\.ts$/;

export default {
	files: ["host-test/**/*.test.ts"],
	extensions: { ts: "module" },
	nodeArguments: ["--import=tsx"],
	workerThreads: false,
	timeout: "3m",
	sortTestFiles: (a, b) => Number(LONGEST.test(b)) - Number(LONGEST.test(a)) || a.localeCompare(b),
};
