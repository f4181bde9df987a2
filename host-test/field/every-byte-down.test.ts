/**
 * What the gateway sends is cut off, lost or changed at every byte.
 * @module
 */
import { nativeTest } from "../xs/engine-test.js";
import { failAtEveryByte } from "./every-byte.js";

const test = await nativeTest();

test("cut at every byte from the gateway", (t, engine) => failAtEveryByte(t, engine, "cut", "down"));
test("silent from every byte of the gateway on", (t, engine) => failAtEveryByte(t, engine, "silence", "down"));
test("a bit flipped in every byte from the gateway", (t, engine) => failAtEveryByte(t, engine, "flip", "down"));
