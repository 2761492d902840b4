import { multVae } from "@dmrec/base-models";
import type { JsonObject } from "@dmrec/core";
import { expect, it } from "vitest";
import { documentedDefaults } from "../../../testing/documented-defaults";
import { withoutMatching, withoutMixing } from "./ablations";
import { cpdm } from "./cpdm";
import { godm } from "./godm";
import { mddm } from "./mddm";
import { withMatching } from "./with-matching";

const matrix = (rowCount: number) => ({ rowCount, columnCount: 2, values: new Float32Array(2 * rowCount) });
const profileEmbeddings = { users: matrix(3), items: matrix(4) };
const strategy = mddm({ beta: 0.5 });

it.each<[string, { readonly configuration: JsonObject }]>([
  ["ablations.ts", withoutMatching()],
  ["ablations.ts", withoutMixing({ beta: 0.5 })],
  ["cpdm.ts", cpdm({ beta: 0.5 })],
  ["godm.ts", godm({ beta: 0.5 })],
  ["with-matching.ts", withMatching(multVae({ itemCount: 4 }), { profileEmbeddings, strategy })],
])("the options of %s have the defaults that their comments state", (file, { configuration }) => {
  const defaults = documentedDefaults(new URL(file, import.meta.url));
  expect(Object.keys(defaults).length).toBeGreaterThan(0);
  expect(configuration).toMatchObject(defaults);
});
