import { CompiledFunction, type Memory, type SessionOptions as RuntimeOptions } from "@dmrec/compile";
import type { ExampleRows } from "@dmrec/core";
import { betweenStarts } from "../backend-starts";
import { type BatchShape, hasRoom, shapeKey } from "./batch-inputs";
import type { TracedPass } from "./trace-step";

/** A graph ready to run, for batches of at most its number of interactions. */
export interface Program<Shape extends BatchShape, Traced extends TracedPass> {
  readonly shape: Shape;
  readonly traced: Traced;
  readonly compiled: CompiledFunction;
}

interface ProgramsOptions<Traced extends TracedPass> {
  readonly runtime: RuntimeOptions;
  readonly memory: Memory;
  /** The names under which the memory keeps outputs. @default none */
  readonly keepsOf?: (traced: Traced) => Readonly<Record<string, string>>;
}

/** The graphs of one pass of a model, one for each kind of batch that came. */
export class Programs<Shape extends BatchShape, Traced extends TracedPass> {
  readonly #options: ProgramsOptions<Traced>;
  readonly #programs = new Map<string, Program<Shape, Traced>>();

  constructor(options: ProgramsOptions<Traced>) {
    this.#options = options;
  }

  /**
   * The graph for a batch, traced when it is first needed or has become too small.
   *
   * @param variant Distinguishes graphs for batches of the same sizes.
   */
  async for(
    shape: Shape,
    rows: ExampleRows,
    traceFor: (shape: Shape) => Traced,
    variant = "",
  ): Promise<Program<Shape, Traced>> {
    const key = `${shapeKey(shape)}${variant}`;
    const known = this.#programs.get(key);
    if (known && hasRoom(known.shape, rows)) return known;
    const traced = await betweenStarts(() => traceFor(shape));
    const { runtime, memory, keepsOf = () => ({}) } = this.#options;
    // First the new one: if it cannot be made, the old one still serves the batches that it has room for.
    const compiled = await CompiledFunction.create(traced.graph, runtime, { memory, keeps: keepsOf(traced) });
    const program = { shape, traced, compiled };
    this.#programs.set(key, program);
    await known?.compiled.release();
    return program;
  }

  async release(): Promise<void> {
    for (const { compiled } of this.#programs.values()) await compiled.release();
  }
}
