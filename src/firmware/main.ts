/**
 * The firmware's beginning: the board, and the application on it.
 * @module
 */
import { Runner } from "../device/application/index.js";
import application from "./app.js";
import { platform } from "./platform/platform.js";
import { powerUp } from "./power-up.js";

const { tell, light, ...board } = powerUp(platform);
tell({ event: "power-up", reset: board.reset });
new Runner({ ...board, application, onEvent: tell, onState: (_state, pattern) => light(pattern) }).start();
