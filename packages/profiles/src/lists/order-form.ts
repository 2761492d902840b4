import { z } from "zod";
import { formsByLength, itemNumber } from "./answer-form";

/** The numbers of all items of a list, in an order. */
export const orderForms = formsByLength((length) =>
  z.strictObject({
    order: z
      .array(itemNumber(length))
      .superRefine((order, { addIssue }) => {
        const missing = Array.from({ length }, (_, index) => index + 1).filter(
          (number) => !order.includes(number),
        );
        const repeated = [...new Set(order.filter((number, index) => order.indexOf(number) !== index))];
        if (missing.length > 0) addIssue(`must have all numbers; without ${missing.join(", ")}`);
        if (repeated.length > 0) addIssue(`must have each number once; more often ${repeated.join(", ")}`);
      })
      .describe(`All numbers from 1 to ${length}, each once, the one that fits best first.`),
  }),
);
