import { arraysByName, type Constant, isConstant, type Parameter, type Recommender } from "@dmrec/core";

/** The trained arrays of a model by full name. */
export function trainedArrays({ parameters }: Recommender): ReadonlyMap<string, Parameter> {
  return new Map([...arraysByName(parameters)].filter(isTrained));
}

function isTrained(entry: readonly [string, Parameter | Constant]): entry is [string, Parameter] {
  return !isConstant(entry[1]);
}
