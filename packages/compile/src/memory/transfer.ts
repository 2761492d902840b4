import { causeMessage, loadOnnxRuntime, RuntimeError, UnsupportedError } from "@dmrec/core";
import { type ElementType, sizeOf } from "../graph/graph";
import { GraphBuilder } from "../graph/graph-builder";
import { encodeModel } from "../onnx/onnx-model";
import { BindingSession } from "../runtime/binding/binding-session";
import type { DeviceTensor, HostTensor } from "../runtime/session";
import type { SessionSettings } from "../runtime/session-options";

/**
 * Moves arrays between the host and the device, through graphs that multiply by 1: onnxruntime-node has no other way to
 * make a tensor on the device, and ends the process when such a tensor is read directly.
 */
export class Transfer {
  readonly #settings: SessionSettings;
  readonly #sessions = new Map<string, Promise<BindingSession>>();

  private constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  /** @throws DMRecError if an array does not come back from the device as it went there. */
  static async create({ threads, executionProvider }: SessionSettings): Promise<Transfer> {
    const transfer = new Transfer({ threads, executionProvider });
    const array = Float32Array.of(1.5, -2);
    const probe = await transfer.toDevice({
      value: { name: "probe", type: "float32", shape: [2] },
      array,
    });
    const back = await transfer.toHost(probe);
    probe.tensor.dispose();
    if (array.every((number, index) => number === back[index])) return transfer;
    throw new UnsupportedError(`an array came back from the device as ${back.join(", ")}`);
  }

  /** @throws RuntimeError that names the bytes asked for if the device refuses them. */
  async toDevice({ value, array }: HostTensor): Promise<DeviceTensor> {
    const session = await this.#session(value.type, value.shape.length, true);
    const [x, y] = ["x", "y"].map((name) => ({ ...value, name }));
    try {
      const [{ tensor }] = await session.run([{ value: x, array }], [{ value: y }]);
      return { value, tensor };
    } catch (cause) {
      const bytes = array.byteLength;
      throw new RuntimeError(
        `${causeMessage(cause)}: the device was asked for ${bytes} bytes to hold "${value.name}"`,
        { cause },
      );
    }
  }

  async toHost({ value, tensor }: DeviceTensor): Promise<Float32Array> {
    const session = await this.#session("float32", value.shape.length, false);
    const [x, y] = ["x", "y"].map((name) => ({ ...value, name }));
    const array = new Float32Array(sizeOf(value.shape));
    await session.run([{ value: x, tensor }], [{ value: y, array }]);
    return array;
  }

  async release(): Promise<void> {
    const sessions = await Promise.all(this.#sessions.values());
    this.#sessions.clear();
    for (const session of sessions) await session.release();
  }

  #session(type: ElementType, rank: number, stays: boolean): Promise<BindingSession> {
    const key = [type, rank, stays].join(" ");
    const known = this.#sessions.get(key) ?? this.#create(type, rank, stays);
    this.#sessions.set(key, known);
    return known;
  }

  async #create(type: ElementType, rank: number, stays: boolean): Promise<BindingSession> {
    const builder = new GraphBuilder();
    const described = { type, shape: Array.from({ length: rank }, () => -1) };
    const x = builder.input("x", described);
    const one = builder.constant(type === "int32" ? Int32Array.of(1) : Float32Array.of(1), []);
    const y = builder.add("Mul", [x, one], described);
    const model = encodeModel(builder.build({ y }));
    return BindingSession.create(await loadOnnxRuntime(), model, this.#settings, stays ? ["y"] : []);
  }
}
