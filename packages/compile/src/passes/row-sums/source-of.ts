import type { Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";

/** The value behind changes of shape. */
export function sourceOf(builder: GraphBuilder, value: Value): Value {
  const producer = builder.producerOf(value);
  return producer?.operator === "Reshape" ? sourceOf(builder, producer.inputs[0]) : value;
}
