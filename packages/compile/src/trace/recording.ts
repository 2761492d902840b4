import { UnsupportedError } from "@dmrec/core";
import type * as tf from "@tensorflow/tfjs-core";
import { elementType } from "../graph/element-types";
import type { Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";

/** A recording in progress: the graph, and the values of tensors by tfjs's identity of their data. */
export interface Recording {
  readonly builder: GraphBuilder;
  readonly values: WeakMap<object, Value>;
}

/** The recording in progress. tfjs computes synchronously, so there is one at a time. */
let recording: Recording | undefined;

/** Runs a function during which tensors belong to a graph. */
export function withRecording<Result>(builder: GraphBuilder, run: () => Result): Result {
  if (recording) throw new UnsupportedError("a function cannot be traced while another is traced");
  recording = { builder, values: new WeakMap() };
  try {
    return run();
  } finally {
    recording = undefined;
  }
}

/** The recording in progress. */
export function activeRecording(): Recording {
  if (recording) return recording;
  throw new UnsupportedError("a tensor of a traced function was used after the trace had ended");
}

/** The value of a tensor in the graph in progress; a tensor of another backend becomes one that it captures. */
export function recordedValue({ dataId, shape, dtype }: tf.TensorInfo): Value {
  const { builder, values } = activeRecording();
  const known = values.get(dataId);
  if (known) return known;
  const captured = builder.capture(dataId, { type: elementType(dtype), shape });
  values.set(dataId, captured);
  return captured;
}
