// The time that the default encoder takes to fit on many profiles and to embed them; JSON as the last line.
import { parseOptions, RandomGenerator } from "@dmrec/core";
import { fitTfIdfEncoder } from "@dmrec/encoders";
import { Command } from "commander";
import { z } from "zod";
import { positiveInteger } from "./list";

const flagsSchema = z.object({
  texts: positiveInteger,
  words: positiveInteger,
  vocabulary: positiveInteger,
});

const program = new Command("bench:encoder")
  .description(
    "Fit the TF-IDF encoder on generated texts, whose words follow Zipf's law around a topic each.",
  )
  .option("--texts <count>", "texts", "25000")
  .option("--words <count>", "words of a text", "150")
  .option("--vocabulary <count>", "distinct words", "25000");

const topicCount = 200;

/** Generates texts; half of the words of each follow its topic's own order of the vocabulary. */
function generatedTexts(count: number, length: number, vocabulary: number): string[] {
  const random = RandomGenerator.fromSeed(2024);
  // The inverse of Zipf's distribution function, nearly: ranks grow exponentially with a uniform number.
  const rank = () => Math.floor(vocabulary ** random.uniform()) - 1;
  return Array.from({ length: count }, (_, text) => {
    const shift = (text % topicCount) * Math.floor(vocabulary / topicCount);
    const word = () => (random.uniform() < 0.5 ? rank() : (rank() + shift) % vocabulary);
    return Array.from({ length }, () => `word${word()}`).join(" ");
  });
}

const {
  texts: count,
  words,
  vocabulary,
} = parseOptions("bench:encoder", flagsSchema, program.parse().opts());
const texts = generatedTexts(count, words, vocabulary);

const measured = <Result>(work: () => Result) => {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, seconds: (performance.now() - wall) / 1000, cpuSeconds: (user + system) / 1e6 };
};
const fit = measured(() => fitTfIdfEncoder(texts));
const embed = measured(() => {
  for (const text of texts) fit.result.embed(text);
});
const terms = fit.result.state.vocabulary.terms.length;
const described = { texts: count, words, terms, width: fit.result.width };
const times = {
  fitSeconds: fit.seconds,
  fitCpuSeconds: fit.cpuSeconds,
  embedSeconds: embed.seconds,
  embedCpuSeconds: embed.cpuSeconds,
  peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
};
console.log(
  `${count} texts of ${words} words, ${terms} terms, ${described.width} wide: fitted in ${fit.seconds.toFixed(1)} s (${fit.cpuSeconds.toFixed(1)} s of processor time), embedded in ${embed.seconds.toFixed(1)} s (${embed.cpuSeconds.toFixed(1)} s)`,
);
console.log(JSON.stringify({ ...described, ...times }));
