import { expectTypeOf, it } from "vitest";
import type { RenyiOptions, SkewJensenShannonOptions, Wasserstein2Options } from "./index";

it("documents the options of divergences as records that nothing changes", () => {
  expectTypeOf<RenyiOptions>().toEqualTypeOf<{ readonly order: number }>();
  expectTypeOf<SkewJensenShannonOptions>().toEqualTypeOf<{ readonly weight?: number | undefined }>();
  expectTypeOf<Wasserstein2Options>().toEqualTypeOf<{ readonly epsilon?: number | undefined }>();
});
