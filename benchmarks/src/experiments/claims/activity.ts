import { summarise } from "@dmrec/eval";
import { pairsBySeed } from "../comparison";
import { figureBase } from "../plan";
import { quantile, type Records } from "../tables";
import { comparisonOf, type JudgedClaim, missing, unanimous, undecided } from "./claim";

/** Section 3.3.2, figure 4: more dimensions of z vary among users. */
export function judgeActivity(records: Records): JudgedClaim[] {
  const source = "3.3.2, figure 4";
  const ids = [`${figureBase}/mddm`, `${figureBase}/base`] as const;
  const measures = {
    median: (values: readonly number[]) => quantile(values, 0.5),
    "box (between the quartiles)": (values: readonly number[]) =>
      quantile(values, 0.75) - quantile(values, 0.25),
  };
  return Object.entries(measures).map(([name, measure]) => {
    const claim = `The activity of dimensions has a higher ${name} under DMRec-M than in the base model.`;
    const pairs = pairsBySeed(comparisonOf(records, ids)).flatMap(({ run, other }) =>
      run.activity && other.activity ? [{ own: measure(run.activity), base: measure(other.activity) }] : [],
    );
    if (pairs.length === 0) return undecided(source, claim, missing(records, ids));
    const mean = (values: readonly number[]) => summarise(values).mean.toPrecision(3);
    return {
      source,
      claim,
      verdict: unanimous(pairs.map(({ own, base }) => Math.sign(own - base))),
      statistic: `${mean(pairs.map(({ own }) => own))} beside ${mean(pairs.map(({ base }) => base))}, higher for ${
        pairs.filter(({ own, base }) => own > base).length
      } of ${pairs.length} seeds`,
    };
  });
}
