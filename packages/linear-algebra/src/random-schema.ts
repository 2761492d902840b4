import type { RandomGenerator } from "@dmrec/core";
import { z } from "zod";

/** An option that is a random generator. It is recognised by its methods, as a program may hold two copies of its class. */
export const randomSchema = z.custom<RandomGenerator>(
  (value) => typeof value === "object" && value !== null && "normal" in value && "uniform" in value,
  "expected a RandomGenerator",
);
