import type { Records } from "../tables";
import { judgeActivity } from "./activity";
import type { JudgedClaim } from "./claim";
import { judgeAblations, judgeBaselines, judgeBestStrategy, judgeImprovements } from "./comparisons";
import { judgeEfficiency } from "./efficiency";
import { judgeSensitivity } from "./sensitivity";
import { judgeSparsity } from "./sparsity";

/** Every claim of the paper's section 3 that runs on one dataset can decide, in the paper's order. */
export function judgeClaims(records: Records): JudgedClaim[] {
  return [
    judgeImprovements,
    judgeBestStrategy,
    judgeEfficiency,
    judgeBaselines,
    judgeSparsity,
    judgeActivity,
    judgeAblations,
    judgeSensitivity,
  ].flatMap((judge) => judge(records));
}
