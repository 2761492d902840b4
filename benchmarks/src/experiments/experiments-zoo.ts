import { mddm } from "@dmrec/matching";
import { defaultZoo, type ModelZoo, type StrategyRow } from "dmrec";

/** MDDM whose β is drawn again in each step from the uniform distribution, as the paper's text has it (section 2.4.3). */
const drawnBetaRow: StrategyRow<"mddm-drawn-beta"> = {
  name: "mddm-drawn-beta",
  title: "DMRec-M, β drawn",
  description: "MDDM with β drawn in each step",
  isAblation: true,
  make: () => mddm({ beta: { concentration: 1 } }),
};

/** The default zoo, and variants that only experiments train. */
export const experimentsZoo: ModelZoo = defaultZoo.with({ strategies: [drawnBetaRow] });
