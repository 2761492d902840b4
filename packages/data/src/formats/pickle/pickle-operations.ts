import type { PickleMachine } from "./pickle-machine";

type Operation = (machine: PickleMachine) => void;

const pushText = (machine: PickleMachine, length: number) => machine.push(machine.reader.text(length));
const pushBytes = (machine: PickleMachine, length: number) => machine.push(machine.reader.bytes(length));
const pushInteger = (machine: PickleMachine, length: number) => machine.push(machine.reader.integer(length));

/** The operation of each opcode, by its name in Python's pickletools. */
const operations: Readonly<Record<string, readonly [opcode: number, run: Operation]>> = {
  FRAME: [0x95, ({ reader }) => reader.uint64()],

  MARK: [0x28, (machine) => machine.mark()],
  POP: [0x30, (machine) => machine.pop()],
  POP_MARK: [0x31, (machine) => machine.popToMark()],
  DUP: [0x32, (machine) => machine.push(machine.top())],

  BINPUT: [0x71, (machine) => machine.memoize(machine.reader.uint8())],
  LONG_BINPUT: [0x72, (machine) => machine.memoize(machine.reader.uint32())],
  MEMOIZE: [0x94, (machine) => machine.memoize()],
  BINGET: [0x68, (machine) => machine.recall(machine.reader.uint8())],
  LONG_BINGET: [0x6a, (machine) => machine.recall(machine.reader.uint32())],

  NONE: [0x4e, (machine) => machine.push(null)],
  NEWTRUE: [0x88, (machine) => machine.push(true)],
  NEWFALSE: [0x89, (machine) => machine.push(false)],
  BININT: [0x4a, (machine) => machine.push(machine.reader.int32())],
  BININT1: [0x4b, (machine) => machine.push(machine.reader.uint8())],
  BININT2: [0x4d, (machine) => machine.push(machine.reader.uint16())],
  LONG1: [0x8a, (machine) => pushInteger(machine, machine.reader.uint8())],
  LONG4: [0x8b, (machine) => pushInteger(machine, machine.reader.uint32())],
  BINFLOAT: [0x47, (machine) => machine.push(machine.reader.float64())],
  SHORT_BINUNICODE: [0x8c, (machine) => pushText(machine, machine.reader.uint8())],
  BINUNICODE: [0x58, (machine) => pushText(machine, machine.reader.uint32())],
  BINUNICODE8: [0x8d, (machine) => pushText(machine, machine.reader.uint64())],
  SHORT_BINBYTES: [0x43, (machine) => pushBytes(machine, machine.reader.uint8())],
  BINBYTES: [0x42, (machine) => pushBytes(machine, machine.reader.uint32())],
  BINBYTES8: [0x8e, (machine) => pushBytes(machine, machine.reader.uint64())],
  BYTEARRAY8: [0x96, (machine) => pushBytes(machine, machine.reader.uint64())],

  EMPTY_TUPLE: [0x29, (machine) => machine.push([])],
  TUPLE1: [0x85, (machine) => machine.push(machine.popTuple(1))],
  TUPLE2: [0x86, (machine) => machine.push(machine.popTuple(2))],
  TUPLE3: [0x87, (machine) => machine.push(machine.popTuple(3))],
  TUPLE: [0x74, (machine) => machine.push(machine.popToMark())],
  EMPTY_LIST: [0x5d, (machine) => machine.push([])],
  APPEND: [0x61, (machine) => machine.append(machine.popTuple(1))],
  APPENDS: [0x65, (machine) => machine.append(machine.popToMark())],
  EMPTY_DICT: [0x7d, (machine) => machine.push(new Map())],
  SETITEM: [0x73, (machine) => machine.setItems(machine.popTuple(2))],
  SETITEMS: [0x75, (machine) => machine.setItems(machine.popToMark())],

  GLOBAL: [0x63, (machine) => machine.name(machine.reader.line(), machine.reader.line())],
  STACK_GLOBAL: [
    0x93,
    (machine) => {
      const [module, name] = machine.popTuple(2);
      machine.name(module, name);
    },
  ],
  REDUCE: [0x52, (machine) => machine.call()],
  NEWOBJ: [0x81, (machine) => machine.call()],
  BUILD: [0x62, (machine) => machine.build()],
};

export const operationsByOpcode: ReadonlyMap<number, Operation> = new Map(Object.values(operations));
