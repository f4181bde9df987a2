/**
 * The forms in which the engine is built, from the same sources.
 *
 * | target | for |
 * |---|---|
 * | `x64` | the machine's own architecture: fast; slots of 32 bytes, symbols of 4; with the device's C where mbedTLS is |
 * | `x32` | 32-bit x86: slots of 16 bytes and symbols of 2 as on the device, at the machine's own speed |
 * | `rv32` | an rv32imc core as of the ESP32-C3, emulated: slots of 16 bytes, and instructions counted exactly |
 * @module
 */

export type EngineTarget = "x64" | "x32" | "rv32";

export interface TargetDescription {
	/** Compilers in the order in which they are looked for. */
	readonly compilers: readonly (readonly string[])[];
	/** Whether the environment's `CC` is taken in their place. */
	readonly takesCC: boolean;
	/** Options of every call of the compiler: what is compiled for. */
	readonly machine: readonly string[];
	readonly compile: readonly string[];
	readonly link: readonly string[];
	/** The folder of `host` that holds this target's `port.c`. */
	readonly port: "process" | "bare";
	/** Without these there is no such target: what runs its program. */
	readonly emulator: string | undefined;
	/** What to install when compiler or emulator is missing; one line. */
	readonly remedy: string;
}

/**
 * Where the program lies in the memory of qemu's `virt` board. `flash` is where it starts without a BIOS; above the heap's
 * end are 64 KiB of C stack (picolibc's linker script would leave 2 KiB: it does not see a `__stack_size` given this way).
 */
const MEMORY: readonly string[] = [
	"__flash=0x80000000",
	"__flash_size=8M",
	"__ram=0x80800000",
	"__ram_size=64M",
	"__heap_end=0x847f0000",
];

const HOST_COMPILERS = [["cc"], ["gcc"], ["clang"]];

export const TARGETS: Readonly<Record<EngineTarget, TargetDescription>> = {
	x64: {
		compilers: HOST_COMPILERS,
		takesCC: true,
		machine: [],
		compile: ["-O2", "-fno-common"],
		link: ["-lm"],
		port: "process",
		emulator: undefined,
		remedy: "install a C compiler, and mbedTLS for the device's TLS: apt-get install gcc libc6-dev libmbedtls-dev",
	},
	x32: {
		compilers: HOST_COMPILERS,
		takesCC: true,
		// Without SSE numbers would be rounded as the old FPU does: unlike on any other machine.
		machine: ["-m32", "-msse2", "-mfpmath=sse"],
		compile: ["-O1", "-fno-common"],
		link: ["-static", "-lm"],
		port: "process",
		emulator: undefined,
		remedy: "install a C compiler for 32-bit x86: apt-get install gcc gcc-multilib",
	},
	rv32: {
		compilers: [["riscv64-unknown-elf-gcc"]],
		takesCC: false,
		machine: ["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs"],
		compile: ["-Os", "-fno-common", "-ffunction-sections", "-fdata-sections", "-D_GNU_SOURCE"],
		link: ["--crt0=semihost", "--oslib=semihost", "-lm", ...MEMORY.map((symbol) => `-Wl,--defsym=${symbol}`)],
		port: "bare",
		emulator: "qemu-system-riscv32",
		remedy:
			"install the rv32 tools: apt-get install gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc",
	},
};
