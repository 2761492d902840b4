import { figureBase } from "../plan";
import type { Records } from "../tables";
import { judgeBetter } from "./better";
import { type JudgedClaim, strategies } from "./claim";

const baseTitles = { "mult-vae": "Mult-VAE", cvga: "CVGA", "l-diffrec": "L-DiffRec" } as const;
/** The baselines of the paper's table 3, by their names in the zoo. */
const paperBaselines = {
  kar: "KAR",
  "llm-rec": "LLMRec",
  "rlmrec-contrastive": "RLMRec-C",
  "rlmrec-generative": "RLMRec-G",
  "alpha-rec": "AlphaRec",
  "alpha-rec-user": "AlphaRec*",
} as const;
const ablations = {
  "without-base-network": "the base network of the meta-network",
  "without-matching": "the match",
  "without-mixing": "the mixture of both terms",
} as const;

/** Section 3.2.1: every strategy improves every base model. */
export function judgeImprovements(records: Records): JudgedClaim[] {
  return judgeBetter(
    records,
    Object.entries(baseTitles).flatMap(([base, baseTitle]) =>
      Object.entries(strategies).map(([name, title]) => ({
        source: "3.2.1, table 2",
        claim: `${title} is better than ${baseTitle} without a match.`,
        pair: [`${base}/${name}`, `${base}/base`] as const,
      })),
    ),
  );
}

/** Section 3.2.1: MDDM is the best strategy. */
export function judgeBestStrategy(records: Records): JudgedClaim[] {
  return judgeBetter(
    records,
    Object.entries(baseTitles).flatMap(([base, baseTitle]) =>
      (["godm", "cpdm"] as const).map((name) => ({
        source: "3.2.1, table 2",
        claim: `DMRec-M is better than ${strategies[name]} on ${baseTitle}.`,
        pair: [`${base}/mddm`, `${base}/${name}`] as const,
      })),
    ),
  );
}

/** Section 3.2.2: DMRec-M is better than every baseline with a language model. */
export function judgeBaselines(records: Records): JudgedClaim[] {
  return judgeBetter(
    records,
    Object.entries(paperBaselines).map(([name, title]) => ({
      source: "3.2.2, table 3",
      claim: `DMRec-M on Mult-VAE is better than ${title}.`,
      pair: [`${figureBase}/mddm`, name] as const,
    })),
  );
}

/** Section 3.3.3: every part of DMRec-M is needed. */
export function judgeAblations(records: Records): JudgedClaim[] {
  return judgeBetter(
    records,
    Object.entries(ablations).map(([name, part]) => ({
      source: "3.3.3, figure 5",
      claim: `DMRec-M is better than without ${part}.`,
      pair: [`${figureBase}/mddm`, `${figureBase}/${name}`] as const,
    })),
  );
}
