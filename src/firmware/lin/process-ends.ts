/**
 * How the simulated device tells the one who runs it that a chip would have restarted: exit codes of its process, and
 * the reason that it finds in its environment when it is run again.
 * @module
 */

export const RESTART_CODE = 71;
export const WATCHDOG_CODE = 73;

/** ESP-IDF's numbers (`esp_reset_reason_t`) by the exit code of the run before. */
export const RESTARTS = {
	/** It restarted by itself, in order or because of a defect: ESP_RST_SW. */
	[RESTART_CODE]: 3,
	/** Its watchdog was not fed: ESP_RST_TASK_WDT. */
	[WATCHDOG_CODE]: 6,
} as const;

/** Variable of the environment that holds such a number; absent: it was switched on, ESP_RST_POWERON. */
export const REASON_VARIABLE = "LATCHKEY_RESET_REASON";
export const POWER_ON = 1;

/** Variables of the environment: the folder of the store, and servers of time as in the manifest's `timeServers`. */
export const STORE_VARIABLE = "LATCHKEY_STORE";
export const TIME_SERVERS_VARIABLE = "LATCHKEY_TIME_SERVERS";

/** File in the store's folder that says what the access point does. */
export const ACCESS_POINT_FILE = "access-point";
