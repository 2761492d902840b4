import { figure, type Html, html, page, type Section, type Tile, table } from "@dmrec/report";
import { counted } from "../counted";
import {
  count,
  duration,
  interval,
  metric,
  metricName,
  percentage,
  probability,
  signedPercentage,
} from "./figures-as-text";
import { activityPlot, groupsPlot, lossPlots, modelsPlot, validationPlot } from "./plots";
import { examplesSection } from "./render-examples";
import type { Gain, Measured, ModelFacts, ReportFacts } from "./report-facts";

/** The report of a run or a comparison as one HTML file. */
export async function renderReport(facts: ReportFacts): Promise<string> {
  const { kind, data, directory, models } = facts;
  const best = bestModel(facts);
  const sections = [
    await resultSection(facts),
    await learningSection(facts),
    await groupsSection(facts),
    examplesSection(facts),
    await dataSection(facts),
    settingsSection(facts),
  ];
  const trained = best.training.writtenAt.slice(0, 16).replace("T", " ");
  return page({
    title:
      kind === "run" ? `${best.title} on ${data.name}` : `${counted(models.length, "model")} on ${data.name}`,
    kicker: html`Report of a ${kind} · trained until ${trained} UTC`,
    lede: lede(facts),
    tiles: tiles(facts),
    sections,
    foot: html`<p>Every figure comes from the files in <code>${directory}</code> and the data with the fingerprint <code>${data.sha256.slice(0, 12)}</code>. <code>dmrec report ${directory}</code> writes this page again, and with <code>--json</code> its figures in full.</p>`,
  });
}

const bestModel = ({ models, best }: ReportFacts): ModelFacts =>
  models.find(({ name }) => name === best) ?? models[0];

/** The length of the rankings that the monitored metric reads, as text. */
const cutoffOf = (monitor: string) => monitor.split("@")[1];

/** The result in a sentence or two. */
function lede(facts: ReportFacts): Html {
  const { models, monitor } = facts;
  const best = bestModel(facts);
  const cutoff = cutoffOf(monitor);
  const recall = `recall@${cutoff}`;
  const share = percentage(best.test[recall].mean);
  const what = html`The first ${cutoff} recommendations${models.length > 1 && html` of <strong>${best.name}</strong>, the best on the validation part,`} hold <strong>${share}</strong> of the items that a user chose and the model had never seen, on average over users.`;
  const gain = best.gains?.[recall];
  const [first] = models;
  if (!gain) return what;
  const verdict =
    gain.pValue < 0.05
      ? html`a difference of <strong>${signedPercentage(gain)}</strong> that chance among users does not explain (${probability(gain.pValue)})`
      : html`a difference of ${signedPercentage(gain)} that may be chance (${probability(gain.pValue)})`;
  return html`${what} Those of ${first.name} hold ${percentage(first.test[recall].mean)}: ${verdict}.`;
}

function tiles(facts: ReportFacts): Tile[] {
  const { data, monitor, models } = facts;
  const best = bestModel(facts);
  const { training } = best;
  const cutoff = cutoffOf(monitor);
  const measures = [`recall@${cutoff}`, `ndcg@${cutoff}`].map((name): Tile => {
    const gain = best.gains?.[name];
    const note = gain ? html`${signedPercentage(gain)} against ${models[0].name}` : interval(best.test[name]);
    return { name: `${metricName(name)}, test`, value: metric(best.test[name].mean), note };
  });
  return [
    ...measures,
    { name: "Users", value: count(data.users), note: html`${count(data.items)} items` },
    {
      name: "Interactions",
      value: count(data.train + data.validation + data.test),
      note: html`${percentage(data.density)} of all pairs`,
    },
    training.epochs === 0
      ? { name: "Training", value: "none", note: "a formula gives the model" }
      : {
          name: "Best epoch",
          value: count(training.bestEpoch),
          note: html`of ${count(training.epochs)}, ${duration(training.secondsPerEpoch)} each`,
        },
  ];
}

const intervalNote =
  "Small figures are intervals of 95% over users (percentile bootstrap): they say how much the mean depends on which users were measured. They say nothing about other seeds.";

async function resultSection(facts: ReportFacts): Promise<Section> {
  const { kind, models } = facts;
  const note = html`On the test part, all items that a user does not have are ranked. Recall@k is the share of the user's test items among the first k; NDCG@k also counts how far up they are. ${intervalNote}`;
  if (kind === "run") return { id: "result", title: "Result", note, body: runTable(models[0]) };
  const gains = html`Differences are relative to ${models[0].name}. p-values are of paired t-tests over users, two-sided and corrected for all models and metrics of the table (Holm).`;
  return {
    id: "result",
    title: "Result",
    note: html`${note} ${models.length > 1 && gains}`,
    body: html`${models.length > 1 && figure(await modelsPlot(facts))}${comparisonTable(facts)}`,
  };
}

function withInterval(measured: Measured): Html {
  const text = interval(measured);
  return html`${metric(measured.mean)}${text !== "" && html`<span class="small">${text}</span>`}`;
}

function runTable({ test, validation }: ModelFacts): Html {
  return table({
    head: ["metric", "test", "validation, best epoch"],
    rows: Object.entries(test).map(([name, measured]) => [
      metricName(name),
      withInterval(measured),
      validation[name] === undefined ? "" : metric(validation[name]),
    ]),
  });
}

function comparisonTable({ models, best, monitor }: ReportFacts): Html {
  const names = Object.keys(models[0].test);
  return table({
    head: [
      "model",
      ...names.map(metricName),
      html`${metricName(monitor)}<span class="small">validation</span>`,
      html`best epoch<span class="small">time of one</span>`,
    ],
    rows: models.map(({ name, title, test, gains, validation, training }) => [
      html`${name}<span class="small">${title}</span>`,
      ...names.map((of) => html`${withInterval(test[of])}${gains && gainOf(gains[of])}`),
      metric(validation[monitor]),
      html`${count(training.bestEpoch)}<span class="small">${duration(training.secondsPerEpoch)}</span>`,
    ]),
    highlight: models.length > 1 ? models.findIndex(({ name }) => name === best) : undefined,
  });
}

function gainOf(gain: Gain): Html {
  const isGain = gain.mean > 0 && gain.pValue < 0.05;
  return html`<span class="small"><span${isGain && html` class="gain"`}>${signedPercentage(gain)}</span> ${probability(gain.pValue)}</span>`;
}

async function learningSection(facts: ReportFacts): Promise<Section> {
  const validation = await validationPlot(facts);
  const losses = [];
  for (const { term, draw } of lossPlots(facts))
    losses.push(
      html`<div><h3>${term === "total" ? "total loss" : `loss: ${term}`}</h3>${figure(await draw)}</div>`,
    );
  const several = facts.models.length > 1;
  const nothing = html`<p class="note">Nothing is trained by epochs here: a formula gives ${several ? "these models" : "this model"}.</p>`;
  return {
    id: "learning",
    title: "Learning",
    note: html`The validation part decides which epoch is kept; the large ${several ? "points are the ones that were" : "point is the one that was"}. A term of the loss is its mean over the training examples of an epoch.`,
    body: html`${validation ? figure(validation) : losses.length === 0 && nothing}${losses.length > 0 && html`<div class="figures">${losses}</div>`}`,
  };
}

async function groupsSection(facts: ReportFacts): Promise<Section> {
  const { models, monitor } = facts;
  const [{ groups }] = models;
  return {
    id: "groups",
    title: "New and active users",
    note: "Test users in groups of about equal size, by the number of their training items. Users with few items are those whom a recommender knows least.",
    body: html`${figure(await groupsPlot(facts))}${table({
      head: [
        "training items",
        "users",
        ...models.map(({ name }) => html`${name}<span class="small">${metricName(monitor)}</span>`),
      ],
      rows: groups.map(({ least, most, users }, index) => [
        least === most ? count(least) : `${count(least)} to ${count(most)}`,
        count(users),
        ...models.map((model) => withInterval(model.groups[index].metrics[monitor])),
      ]),
    })}`,
  };
}

async function dataSection({ data }: ReportFacts): Promise<Section> {
  const { users, items, train, validation, test, density, embeddingWidth } = data;
  return {
    id: "data",
    title: "Data",
    note: html`${data.name}: ${count(users)} users and ${count(items)} items. ${embeddingWidth === undefined ? "No profile embeddings." : html`Profile embeddings are ${count(embeddingWidth)} wide.`}`,
    body: html`<div class="figures"><div><h3>Users by activity</h3>${figure(await activityPlot(data.userActivity, "users"))}</div><div><h3>Items by popularity</h3>${figure(await activityPlot(data.itemActivity, "items"))}</div></div>${table(
      {
        head: ["", "training", "validation", "test", "all", "share of all pairs"],
        rows: [
          [
            "interactions",
            count(train),
            count(validation),
            count(test),
            count(train + validation + test),
            percentage(density),
          ],
        ],
      },
    )}`,
  };
}

function settingsSection({ models, data }: ReportFacts): Section {
  const names = [...new Set(models.flatMap(({ settings }) => settings.map(({ name }) => name)))];
  const settingOf = ({ settings }: ModelFacts, name: string) =>
    settings.find((setting) => setting.name === name)?.value ?? "–";
  const sources = [...new Set(models.map(({ source }) => source))];
  const namesWith = (source: string) =>
    models.flatMap((model) => (model.source === source ? [model.name] : [])).join(", ");
  const [{ training }] = models;
  const versions = Object.entries(training.versions).map(([name, version]) => `${name} ${version}`);
  return {
    id: "settings",
    title: "Settings",
    note: "Everything that the result depends on, so that it can be repeated.",
    body: html`${table({
      cells: "texts",
      head: ["", ...models.map(({ name }) => name)],
      rows: names.map((name) => [
        html`<code>${name}</code>`,
        ...models.map((model) => html`<code>${settingOf(model, name)}</code>`),
      ]),
    })}${table({
      cells: "texts",
      head: ["data and program", ""],
      rows: [
        ...data.settings.map(({ name, value }) => [
          html`<code>data.${name}</code>`,
          html`<code>${value}</code>`,
        ]),
        ["fingerprint of the data", html`<code>${data.sha256}</code>`],
        ["engine", training.engine],
        ["versions", versions.join(", ")],
        ...sources.map((source) => [
          html`source of settings<span class="small">${namesWith(source)}</span>`,
          source,
        ]),
      ],
    })}`,
  };
}
