import { z } from "zod";

/** Checks the weight of an interaction in a request: a float32 of a model holds it, its square, and sums of both. */
export const interactionWeightSchema = z.number().gte(1e-12).lte(1e12);
