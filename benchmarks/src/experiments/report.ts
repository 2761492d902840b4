import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { figure, Html, html, page, table } from "@dmrec/report";
import type { JudgedClaim } from "./claims/claim";
import { judgeClaims } from "./claims/judge-claims";
import {
  activityFigure,
  betaFigure,
  efficiencyFigure,
  groupFigure,
  noiseFigure,
  variantFigure,
} from "./figures";
import type { Experiment, ExperimentName } from "./plan";
import type { RecordedData } from "./run-record";
import {
  activityTable,
  type ComparedVariant,
  comparedVariants,
  comparisonTable,
  efficiencyTable,
  groupGains,
  markdown,
  type Records,
  type TextTable,
} from "./tables";
import type { ExperimentTask } from "./tasks";

export interface ReportOptions {
  readonly experiments: readonly Experiment[];
  readonly records: Records;
  /** Every run of the experiments, finished or not. */
  readonly tasks: readonly ExperimentTask[];
  readonly data: RecordedData;
  /** The command that finishes what is missing. */
  readonly command: string;
  readonly folder: string;
}

interface Section {
  readonly experiment: Experiment;
  readonly compared: readonly ComparedVariant[];
  readonly tables: readonly TextTable[];
  readonly figure: string | undefined;
  /** The runs that are not finished. */
  readonly missing: number;
}

/**
 * Writes the report of all finished runs as HTML, Markdown, JSON and a plot for each figure, and what they say of the paper's
 * claims. Returns the HTML's path.
 */
export async function writeReport(options: ReportOptions): Promise<string> {
  const { folder, experiments, records, tasks } = options;
  await mkdir(folder, { recursive: true });
  const sections: Section[] = [];
  for (const experiment of experiments) {
    const compared = comparedVariants(experiment, records);
    const section: Section = {
      experiment,
      compared,
      tables: [comparisonTable(compared), ...furtherTables(experiment.name, records)],
      figure: await figureOf(experiment, compared, records),
      missing: missingRuns(experiment, records, tasks),
    };
    sections.push(section);
    if (section.figure) await writeFile(join(folder, `${experiment.name}.svg`), section.figure);
  }
  const claims = judgeClaims(records);
  await writeFile(join(folder, "claims.md"), claimsPage(claims, options));
  await writeFile(join(folder, "report.md"), markdownReport(sections, options));
  await writeFile(join(folder, "report.json"), jsonReport(sections, claims, options));
  const page = join(folder, "report.html");
  await writeFile(page, htmlReport(sections, claims, options));
  return page;
}

function furtherTables(name: ExperimentName, records: Records): TextTable[] {
  if (name === "figure-2") return [efficiencyTable(records)];
  return name === "figure-4" ? [activityTable(records)] : [];
}

async function figureOf(
  experiment: Experiment,
  compared: readonly ComparedVariant[],
  records: Records,
): Promise<string | undefined> {
  const figures: Partial<Record<ExperimentName, () => Promise<string> | undefined>> = {
    "figure-2": () => efficiencyFigure(records),
    "figure-3": () => groupFigure(records),
    "figure-4": () => activityFigure(records),
    "figure-5": () => variantFigure(compared),
    "figure-6": () => betaFigure(experiment, records),
    "drawn-beta": () => variantFigure(compared),
    posterior: () => variantFigure(compared),
    "profile-noise": () => noiseFigure(experiment, records),
  };
  return figures[experiment.name]?.();
}

function missingRuns({ variants }: Experiment, records: Records, tasks: readonly ExperimentTask[]): number {
  return variants.reduce((sum, { variant, seeds }) => {
    const planned = Math.min(seeds, tasks.filter((task) => task.variant.id === variant.id).length);
    return sum + Math.max(0, planned - (records.get(variant.id)?.length ?? 0));
  }, 0);
}

const notes = [
  "Means over seeds on the test part, ± the sample deviation. The gain is that of Recall@20 over the unmatched base model, in table 3 over DMRec-M.",
  "p-values are two-sided and corrected for the number of comparisons in their table (Holm 1979): a paired t-test over common seeds, and Wilcoxon's signed-rank test over users, of each user's mean over seeds. A difference counts as significant if both are below 0.05.",
];

const claimsNote =
  "A claim that one variant is better than another is held if both tests see a gain, not held if both see a loss, and undecided otherwise, or if runs are missing.";

const claimsTable = (claims: readonly JudgedClaim[]): TextTable => ({
  head: ["section", "claim", "verdict", "statistic"],
  rows: claims.map(({ source, claim, verdict, statistic }) => [source, claim, verdict, statistic]),
});

/** The number of claims with each verdict, in a sentence. */
function claimsSummary(claims: readonly JudgedClaim[]): string {
  const count = (wanted: JudgedClaim["verdict"]) => claims.filter(({ verdict }) => verdict === wanted).length;
  return `Of ${claims.length} claims, ${count("held")} are held, ${count("not held")} are not held and ${count("undecided")} are undecided.`;
}

function claimsPage(claims: readonly JudgedClaim[], { data, command }: ReportOptions): string {
  return `${[
    `# The paper's claims on ${data.name}`,
    claimsSummary(claims),
    claimsNote,
    markdown(claimsTable(claims)),
    `\`${command}\` makes the runs, and [report.md](report.md) has their tables.`,
  ].join("\n\n")}\n`;
}

const missingNote = ({ missing }: Section, command: string) =>
  missing === 0 ? [] : [`${missing} runs of this experiment are not finished. ${command} continues them.`];

function markdownReport(sections: readonly Section[], { data, command }: ReportOptions): string {
  const parts = sections.flatMap((section) => [
    `## ${section.experiment.name}: ${section.experiment.title}`,
    ...section.tables.map(markdown),
    ...(section.figure ? [`![${section.experiment.title}](${section.experiment.name}.svg)`] : []),
    ...missingNote(section, `\`${command}\``),
  ]);
  return `${[`# Experiments on ${data.name}`, ...notes, ...parts].join("\n\n")}\n`;
}

function htmlReport(
  sections: readonly Section[],
  claims: readonly JudgedClaim[],
  { data, command }: ReportOptions,
): string {
  const experiments = sections.map((section) => ({
    id: section.experiment.name,
    title: `${section.experiment.name}: ${section.experiment.title}`,
    body: html`${section.tables.map(table)}${section.figure && figure(new Html(section.figure))}${missingNote(section, command).map((note) => html`<p class="note">${note}</p>`)}`,
  }));
  const judged = {
    id: "claims",
    title: "The paper's claims",
    body: html`<p>${claimsSummary(claims)} ${claimsNote}</p>${table({ ...claimsTable(claims), cells: "texts" })}`,
  };
  return page({
    title: `Experiments on ${data.name}`,
    lede: notes[0],
    sections: [...experiments, judged],
    foot: notes[1],
  });
}

function jsonReport(
  sections: readonly Section[],
  claims: readonly JudgedClaim[],
  { data, records, command }: ReportOptions,
): string {
  const runs = [...records].flatMap(([variant, all]) =>
    all.map(({ perUser: _values, userActivity: _counts, curve: _curve, activity: _activity, ...run }) => ({
      variant,
      ...run,
    })),
  );
  const experiments = sections.map(({ experiment, compared, missing }) => ({
    name: experiment.name,
    title: experiment.title,
    missingRuns: missing,
    variants: compared,
    ...(experiment.name === "figure-3" && { groups: groupSummary(records) }),
  }));
  return `${JSON.stringify({ data, command, claims, experiments, runs }, null, 2)}\n`;
}

function groupSummary(records: Records) {
  return groupGains(records).map(({ gains, upTo, ...group }) => ({
    ...group,
    upTo: Number.isFinite(upTo) ? upTo : null,
    meanGain: gains.length > 0 ? gains.reduce((sum, gain) => sum + gain, 0) / gains.length : null,
  }));
}
