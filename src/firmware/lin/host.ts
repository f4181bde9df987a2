/**
 * The Linux process that the Moddable SDK's simulator runs the firmware in: environment, console, files, and its end.
 * @module
 */

declare const native: (name: string) => (...values: never[]) => unknown;

/** A variable of the environment; `undefined` where it is not set. */
export const environment = native("xs_host_environment") as (name: string) => string | undefined;

/** One line to standard output: `trace` of the SDK goes to its debugger alone. */
export const print = native("xs_host_print") as (line: string) => void;

/** Ends the process, and with it the simulator. Does not return. */
export const exit = native("xs_host_exit") as (code: number) => void;

/** Ends the process with `code` unless it is called again within `seconds`, even where the engine stands still. */
export const watch = native("xs_host_watch") as (seconds: number, code: number) => void;

/** The whole file; `undefined` where there is none. @throws where it cannot be read. */
export const readFile = native("xs_host_read_file") as (path: string) => ArrayBuffer | undefined;

/** Replaces the file at once, for its owner alone: the old one is there until the new one is on the disk. @throws where it cannot. */
export const writeFile = native("xs_host_write_file") as (path: string, data: ArrayBuffer) => void;

/** Nothing happens where there is none. @throws where it cannot be removed. */
export const removeFile = native("xs_host_remove_file") as (path: string) => void;

/** Makes the folder for its owner alone; nothing happens where it is there. @throws where it cannot be made. */
export const makeFolder = native("xs_host_make_folder") as (path: string) => void;
