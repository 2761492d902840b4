import { causeMessage, parseOptions } from "@dmrec/core";
import { type SessionOptions, sessionSchema } from "../runtime/session-options";
import { DeviceMemory } from "./device-memory";
import { HostMemory } from "./host-memory";
import type { Memory } from "./memory";

/**
 * Makes a memory where these options have graphs computed. This decides what stays on a device: with a memory of the
 * device, all arrays of the memory and all large constants of its functions; else nothing.
 *
 * @throws InvalidOptionsError
 * @example
 * const memory = await createMemory({ executionProvider: "webgpu" });
 * console.log(memory.place); // "device"
 */
export async function createMemory(options: SessionOptions = {}): Promise<Memory> {
  const settings = parseOptions("createMemory", sessionSchema, options);
  if (settings.executionProvider === "cpu") return new HostMemory();
  try {
    return await DeviceMemory.create(settings);
  } catch (cause) {
    return new HostMemory(causeMessage(cause));
  }
}
