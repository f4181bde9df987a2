/**
 * What the device sends is cut off, lost or changed at every byte.
 * @module
 */
import { nativeTest } from "../xs/engine-test.js";
import { failAtEveryByte } from "./every-byte.js";

const test = await nativeTest();

test("cut at every byte from the device", (t, engine) => failAtEveryByte(t, engine, "cut", "up"));
test("silent from every byte of the device on", (t, engine) => failAtEveryByte(t, engine, "silence", "up"));
test("a bit flipped in every byte from the device", (t, engine) => failAtEveryByte(t, engine, "flip", "up"));
