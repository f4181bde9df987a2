/**
 * The chip's task watchdog, console and restart (`chip_xs.c`).
 * @module
 */

declare const native: (name: string) => (...values: never[]) => unknown;

/** Has ESP-IDF's task watchdog watch the firmware besides the SDK's loop. @throws where it is off. */
export const startWatchdog = native("xs_chip_start_watchdog") as () => void;

/** Within CONFIG_ESP_TASK_WDT_TIMEOUT_S seconds, or the chip restarts. */
export const feedWatchdog = native("xs_chip_feed_watchdog") as () => void;

/** One line: to the SDK's debugger in a debug build, to the chip's console in a release. */
export const printLine = native("xs_chip_print_line") as (line: string) => void;

/** Restarts the chip. Does not return. */
export const restart = native("xs_chip_restart") as () => void;
