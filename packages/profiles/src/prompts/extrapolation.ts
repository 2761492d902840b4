import type { Entity } from "../store/entity";
import { type Instructions, insufficiencyRule } from "./instructions";
import { type Domain, domains, type PromptDomain } from "./prompt-template";

/**
 * The directions in which a language model extrapolates from a profile:
 *
 * - `motives`: from what is liked to why, and to what else serves the same needs.
 * - `neighbours`: from what the profile names to what is near to it and not named.
 * - `details`: from the kinds that the profile names to finer differences within them, and to what is avoided.
 */
export const extrapolationDirections = ["motives", "neighbours", "details"] as const;

export type ExtrapolationDirection = (typeof extrapolationDirections)[number];

/** The steps in a direction, from the profile of a user or of an item. */
const steps = {
  motives: {
    user: ({ interacted }) => [
      `Ask why: which needs, moods and occasions would explain what they ${interacted}? Name two or three, with the words of the profile that speak for each.`,
      "Ask what else serves these needs, moods and occasions, also of other kinds than the profile names.",
    ],
    item: ({ item }) => [
      `Ask why people would choose the ${item}: which needs, moods and occasions does it serve? Name two or three, with the words of the profile that speak for each.`,
      "Ask who else has these needs, also people of other tastes than the profile names.",
    ],
  },
  neighbours: {
    user: ({ aspects }) => [
      `Ask what is near: take what the profile names of ${aspects}, and go one step from each to the nearest that it does not name.`,
      "Keep the steps that two or more features of the profile lead to, and ask what people with these tastes together would try next.",
    ],
    item: ({ item, aspects }) => [
      `Ask what is near: take what the profile names of ${aspects}, and go one step from each to the nearest that it does not name.`,
      `Keep the steps that two or more features of the profile lead to, and ask whom they would bring to the ${item} who would not look for it first.`,
    ],
  },
  details: {
    user: ({ aspects }) => [
      `Ask what is decisive: within the kinds that the profile names, which finer differences of ${aspects} would matter to somebody with this taste?`,
      "Ask what such a person would avoid within the same kinds, and why.",
    ],
    item: ({ item, aspects }) => [
      `Ask what is decisive: within the kind of the ${item}, which finer differences of ${aspects} set it apart?`,
      "Ask who among the people that like this kind would care most for these differences, and who would avoid them.",
    ],
  },
} satisfies Record<
  ExtrapolationDirection,
  Record<Entity["entity"], (domain: Domain) => readonly [string, string]>
>;

/** The instructions for a further profile of a user or an item, by a chain of thought from their first one. */
export function extrapolationInstructions(
  domain: PromptDomain,
  entity: Entity["entity"],
  direction: ExtrapolationDirection,
): Instructions {
  const words = domains[domain];
  const [first, second] = steps[direction][entity](words);
  const subject = entity === "user" ? `the taste of ${words.user}` : `a ${words.item}`;
  const purpose =
    entity === "user" ? "what they are likely to enjoy" : `what kind of people would enjoy the ${words.item}`;
  return {
    name: `further-${entity}-${direction}-${domain}`,
    version: 1,
    text: [
      `You extend what is known about ${subject} for a recommender system.`,
      "You are given a profile that was written from data. Think from it in steps, and write the steps into `reasoning`:",
      "1. Say in one sentence what the profile rests on.",
      `2. ${first}`,
      `3. ${second}`,
      "4. Drop what the profile makes no more likely than it is for anybody.",
      `Then write a \`summary\` of 40 to 100 words that says ${purpose} according to the steps. Do not repeat the given profile, do not list titles, and do not guess age, gender or origin.`,
      "",
      insufficiencyRule,
    ].join("\n"),
  };
}
