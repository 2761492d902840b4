import { neg, type Rank, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { expectTypeOf, it } from "vitest";
import type { z } from "zod";
import {
  CompiledFunction,
  type Count,
  compile,
  type ElementArray,
  exportModel,
  type Graph,
  type Recorder,
  type SessionOptions,
  type sessionSchema,
  trace,
  UnmappedKernelError,
} from "./index";

it("gives the function one tensor for each input", () => {
  const compiled = compile(
    (inputs) => {
      expectTypeOf(inputs).toEqualTypeOf<Readonly<Record<"a" | "b", Tensor>>>();
      return { y: neg(inputs.a) };
    },
    { a: { shape: [1] }, b: { shape: [2, 3], dtype: "int32" } },
  );
  expectTypeOf(compiled).resolves.toEqualTypeOf<CompiledFunction>();
});

it("refuses a function of inputs that are not described", () => {
  // @ts-expect-error: there is no input b.
  void compile(({ a, b }) => ({ y: neg(a), z: neg(b) }), { a: { shape: [1] } });
});

it("refuses results that are no tensors, unknown types of elements and unknown options", () => {
  const inputs = { a: { shape: [1] } };
  // @ts-expect-error: a number is no tensor.
  void compile(() => ({ y: 1 }), inputs);
  // @ts-expect-error: tfjs has no int64.
  void compile(({ a }) => ({ y: a }), { a: { shape: [1], dtype: "int64" } });
  // @ts-expect-error: no such provider.
  void compile(({ a }) => ({ y: a }), inputs, { executionProvider: "tpu" });
  // @ts-expect-error: no such option.
  void compile(({ a }) => ({ y: a }), inputs, { profile: "prefix" });
});

it("documents the options that the schema checks", () => {
  expectTypeOf<SessionOptions>().toEqualTypeOf<Readonly<z.input<typeof sessionSchema>>>();
});

it("runs with arrays by name", () => {
  expectTypeOf<CompiledFunction["run"]>()
    .parameter(0)
    .toEqualTypeOf<Readonly<Record<string, ElementArray>>>();
  expectTypeOf<CompiledFunction["run"]>().returns.resolves.toEqualTypeOf<Record<string, ElementArray>>();
  expectTypeOf(CompiledFunction.create).parameter(0).toEqualTypeOf<Graph>();
});

it("gives an input the rank that it is asked for", () => {
  trace((recorder) => {
    const matrix = recorder.input<Rank.R2>("matrix", [2, 3]);
    expectTypeOf(matrix).toEqualTypeOf<Tensor2D>();
    // @ts-expect-error: a matrix has two sizes.
    recorder.input<Rank.R2>("matrix", [2]);
    return { matrix };
  });
});

it("counts the values of topK by a handle, not by a name", () => {
  expectTypeOf<Recorder["topK"]>().parameters.toEqualTypeOf<[Tensor2D | readonly Tensor2D[], Count]>();
  expectTypeOf<Recorder["count"]>().returns.toEqualTypeOf<Count>();
});

it("traces an exported model at a size of each dimension", () => {
  exportModel(["users", "items"], (sizes) => {
    expectTypeOf(sizes).toEqualTypeOf<Readonly<Record<"users" | "items", number>>>();
    return trace((recorder) => ({ x: recorder.input<Rank.R2>("x", [sizes.users, sizes.items]) }));
  });
});

it("narrows an error to an unmapped kernel", () => {
  const narrow = (error: unknown) => (UnmappedKernelError.isInstance(error) ? error.kernelName : undefined);
  expectTypeOf(narrow).returns.toEqualTypeOf<string | undefined>();
});
