import {
  type ExampleRows,
  inMegabytes,
  isRefusedArray,
  OutOfMemoryError,
  type Recommender,
  RuntimeError,
} from "@dmrec/core";
import { trainedArrays } from "../../trained-arrays";

/** The facts about a step that failed. */
export interface FailedStep {
  readonly recommender: Recommender;
  readonly rows: ExampleRows;
  readonly onDevice: boolean;
  /** The names of the tables of items, which are stored apart. */
  readonly tables: readonly string[];
}

/**
 * Adds an account of memory to the failure of a training step that was refused memory: what takes memory, and how to need less.
 * ONNX Runtime does not say that a graphics card is full, and a card rarely fails otherwise: every failure there gets the account.
 */
export function withMemoryAccount(failure: unknown, step: FailedStep): unknown {
  if (OutOfMemoryError.isInstance(failure) || isRefusedArray(failure)) {
    const bytes = OutOfMemoryError.isInstance(failure) ? failure.bytes : undefined;
    return new OutOfMemoryError(`${failure.message}. ${accountOf(step)}`, { bytes, cause: failure });
  }
  if (step.onDevice && RuntimeError.isInstance(failure))
    return new RuntimeError(`${failure.message}. If the card's memory is full: ${accountOf(step)}`, {
      cause: failure,
    });
  return failure;
}

function accountOf({ recommender, rows, tables }: FailedStep): string {
  const arrays = [...trainedArrays(recommender)];
  const bytes = (isTable: boolean) =>
    arrays.reduce(
      (sum, [name, { values }]) => (tables.includes(name) === isTable ? sum + values.byteLength : sum),
      0,
    );
  const [others, ofTables] = [bytes(false), bytes(true)];
  const { examples, itemCount } = recommender;
  const parts = [
    `The parameters take ${inMegabytes(others)} and their moments ${inMegabytes(2 * others)}, both twice: before and after a step`,
    ...(ofTables > 0
      ? [
          `the tables of items take ${inMegabytes(ofTables)}, and up to ${inMegabytes(3 * ofTables)} for changed rows and moments`,
        ]
      : []),
    "the rest are intermediate values, which grow with the batch",
  ];
  const count = "positives" in rows ? `${rows.users.length} pairs` : `${rows.rowCount} users`;
  const isFullSoftmax = examples.kind === "users" && !examples.sampledItems;
  const advice = [
    `Take a smaller batch (batchSize of createTrainer; this one has ${count})`,
    ...(isFullSoftmax
      ? [
          `or a model that draws items for its softmax instead of the scores of all ${itemCount} (such as softmaxSamples of multVae)`,
        ]
      : []),
  ];
  return `${parts.join("; ")}. ${advice.join(", ")}.`;
}
