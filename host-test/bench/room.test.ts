/** @module */
import test from "ava";
import { roomOf } from "./room.js";

test("a module belongs to its folder in src/device", (t) => {
	t.is(roomOf("src/device/mqtt/wire.ts"), "mqtt");
	t.is(roomOf("src/device/signing/ed25519.ts"), "signing");
	t.is(roomOf("src/device/ports.ts"), "device, in no room");
});

test("the firmware is one room, and the table of Ed25519 another", (t) => {
	t.is(roomOf("src/firmware/tls-socket.ts"), "firmware (without C)");
	t.is(roomOf("src/firmware/native/tls-failure.ts"), "firmware (without C)");
	t.is(roomOf("src/device/signing/ed25519-table.ts"), "signing, table of Ed25519");
});
