import type { ItemChoices, ItemLists, ProExOptions } from "@dmrec/baselines";
import type {
  embedUsersAndItems,
  GeneratedItemChoices,
  GeneratedItemRankings,
  ItemChoicesOptions,
  ItemRankingsOptions,
} from "@dmrec/profiles";
import { expectTypeOf, it } from "vitest";

it("hands what baselines retrieve to a language model, and its answers to baselines", () => {
  expectTypeOf<ItemLists>().toExtend<ItemChoicesOptions["candidates"]>();
  expectTypeOf<ItemLists>().toExtend<ItemRankingsOptions["retrieved"]>();
  expectTypeOf<GeneratedItemChoices["choices"]>().toExtend<ItemChoices>();
  expectTypeOf<GeneratedItemRankings["retrieved"]>().toExtend<ItemLists>();
  expectTypeOf<readonly Awaited<ReturnType<typeof embedUsersAndItems>>["profileEmbeddings"][]>().toExtend<
    NonNullable<ProExOptions["furtherProfiles"]>
  >();
});
