import { type PermittedConstructors, PickleMachine } from "./pickle-machine";
import { operationsByOpcode } from "./pickle-operations";
import { PickleReader } from "./pickle-reader";

const protocolOpcode = 0x80;
const stopOpcode = 0x2e;

/**
 * Reads a pickle of protocol 2 to 5 without ever executing anything: the names in it are looked up among the permitted
 * constructors, and any other is an error that names it.
 *
 * Lists and tuples become arrays, dicts Maps, bytes Uint8Arrays and None null.
 *
 * @throws InvalidDataError naming the byte.
 */
export function unpickle(bytes: Uint8Array, source: string, permitted: PermittedConstructors): unknown {
  const reader = new PickleReader(bytes, source);
  const machine = new PickleMachine(reader, permitted);
  const protocol = reader.opcode() === protocolOpcode ? reader.uint8() : 0;
  if (protocol < 2 || protocol > 5) throw reader.error("no such pickle", "a pickle of protocol 2 to 5");
  for (let opcode = reader.opcode(); opcode !== stopOpcode; opcode = reader.opcode()) {
    const run = operationsByOpcode.get(opcode);
    if (!run) {
      throw reader.error(`the opcode 0x${opcode.toString(16)}`, "an opcode of a plain array or matrix");
    }
    run(machine);
  }
  if (reader.remaining > 0) throw reader.error(`${reader.remaining} bytes after the pickle`, "its end");
  return machine.pop();
}
