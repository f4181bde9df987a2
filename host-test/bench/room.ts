/**
 * The room of the house that a module of the device belongs to.
 * @module
 */

/** Never in RAM: told apart from the code around it. */
const TABLE = "src/device/signing/ed25519-table.ts";

/** @param path of a module in `src/device` or `src/firmware`, from the project's folder on. */
export function roomOf(path: string): string {
	if (path === TABLE) return "signing, table of Ed25519";
	const [, house, room, ...file] = path.split("/");
	if (house === "firmware") return "firmware (without C)";
	return file.length > 0 ? room! : "device, in no room";
}
