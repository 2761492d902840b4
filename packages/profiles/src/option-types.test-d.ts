import { expectTypeOf, it } from "vitest";
import type { z } from "zod";
import type { EmbeddingOptions, embeddingSchema } from "./embed/embedding-options";
import type { ProfileRecord, profileRecordSchema } from "./profile-record";
import type { HistorySampleOptions, historySampleSchema } from "./prompts/user-prompt";
import type { DomainRunOptions, domainRunSchema } from "./run/domain-run-options";
import type { RunOptions, runSchema } from "./run/run-options";

type Readonlys<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Readonlys<Value[Key]> }
  : Value;
/** The part of documented options that a schema checks. */
type Checked<Options, Schema extends z.ZodType> = Pick<Options, keyof Options & keyof z.input<Schema>>;

it("documents every option that a schema takes, and no other type of it", () => {
  expectTypeOf<Checked<RunOptions, typeof runSchema>>().toEqualTypeOf<Readonlys<z.input<typeof runSchema>>>();
  expectTypeOf<Checked<DomainRunOptions, typeof domainRunSchema>>().toEqualTypeOf<
    Readonlys<z.input<typeof domainRunSchema>>
  >();
  expectTypeOf<Checked<EmbeddingOptions, typeof embeddingSchema>>().toEqualTypeOf<
    Readonlys<z.input<typeof embeddingSchema>>
  >();
  expectTypeOf<HistorySampleOptions>().toEqualTypeOf<Readonlys<z.input<typeof historySampleSchema>>>();
  expectTypeOf<ProfileRecord>().toEqualTypeOf<Readonlys<z.output<typeof profileRecordSchema>>>();
});
