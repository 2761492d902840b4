import { Html } from "./html";

/** Colours of series, in their order: far apart also for readers who confuse red and green. */
export const seriesColours = [
  { light: "#2563c9", dark: "#7fb0ff" },
  { light: "#d9730d", dark: "#ffab5e" },
  { light: "#0f8a72", dark: "#4fd1b3" },
  { light: "#9b45b8", dark: "#d698ec" },
  { light: "#b3261e", dark: "#ff9a92" },
  { light: "#7a6a00", dark: "#e0cf5a" },
  { light: "#3b7d98", dark: "#8fd0ea" },
  { light: "#6b7280", dark: "#aab2c0" },
] as const;

const series = (look: "light" | "dark") =>
  seriesColours.map((colour, index) => `--series-${index + 1}:${colour[look]};`).join("");

const light = `--page:#f6f5f2;--card:#ffffff;--ink:#1c2028;--soft:#5a6270;--line:#e4e3de;--accent:#2563c9;--mark:#e8f0fd;--good:#0b6e5a;--good-mark:#e0f4ee;${series("light")}`;
const dark = `--page:#14161b;--card:#1c1f26;--ink:#eceef2;--soft:#a3abb9;--line:#31353f;--accent:#7fb0ff;--mark:#20304a;--good:#6fdcc0;--good-mark:#16362f;${series("dark")}`;

/** The look of a report on screens and on paper. */
export const stylesheet = new Html(`
:root { color-scheme: light dark; ${light} }
@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0 auto; max-width: 70rem; padding: 3rem 1.5rem 2rem; background: var(--page); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1, h2, h3, p, dl, dd, ol, ul, figure { margin: 0; padding: 0; }
h1 { font-size: clamp(1.8rem, 4.5vw, 2.7rem); line-height: 1.12; letter-spacing: -0.025em; font-weight: 680; max-width: 26ch; }
h2 { font-size: 1.3rem; letter-spacing: -0.012em; font-weight: 650; line-height: 1.25; }
h3 { font-size: 0.95rem; font-weight: 620; }
a { color: var(--accent); }
code { font: 0.9em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { margin: 0; padding: 0.8rem 1rem; background: var(--page); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
.kicker { display: flex; align-items: center; gap: 0.7rem; color: var(--soft); font-size: 0.86rem; margin-bottom: 1.1rem; }
.emblem { width: 2.6rem; flex: none; fill: none; stroke: var(--accent); stroke-width: 1.6; }
.emblem circle:nth-of-type(2) { stroke: var(--series-2); }
.emblem path { fill: var(--accent); stroke: none; opacity: 0.22; }
.lede { font-size: 1.14rem; line-height: 1.5; max-width: 62ch; margin-top: 1.1rem; color: var(--soft); text-wrap: pretty; }
.lede strong { color: var(--ink); font-weight: 620; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 1px; margin-top: 2.2rem; background: var(--line);
  border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
.tiles > div { background: var(--card); padding: 1.05rem 1.25rem 1.1rem; }
.tiles dt, .tiles dd { color: var(--soft); font-size: 0.82rem; line-height: 1.4; }
.tiles .value { color: var(--ink); font-size: 1.9rem; font-weight: 640; letter-spacing: -0.03em; line-height: 1.3; }
nav { display: flex; flex-wrap: wrap; gap: 0.2rem 1.3rem; margin: 1.6rem 0 0; font-size: 0.9rem; }
nav a { text-decoration: none; color: var(--soft); }
nav a:hover, nav a:focus-visible { color: var(--accent); text-decoration: underline; }
section { margin-top: 1.5rem; padding: 1.7rem 1.8rem 1.8rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px; scroll-margin-top: 1rem; }
.note { color: var(--soft); max-width: 82ch; margin-top: 0.4rem; text-wrap: pretty; }
section > :is(.table, figure, .figures, .columns, .cards, details, pre) { margin-top: 1.3rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(25rem, 100%), 1fr)); gap: 1.8rem 2rem; align-items: start; }
figure svg { display: block; max-width: 100%; height: auto; overflow: visible; margin-left: -4px; }
figure svg text { font-family: inherit; }
figcaption { color: var(--soft); font-size: 0.86rem; margin-top: 0.5rem; max-width: 70ch; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
th, td { padding: 0.55rem 0.8rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
th:first-child { text-align: left; padding-left: 0.6rem; }
table.texts :is(th, td) { text-align: left; white-space: normal; padding-block: 0.32rem; min-width: 8rem; } table.texts td code { overflow-wrap: anywhere; }
table.texts th code { white-space: nowrap; }
table.texts tbody th { font-weight: 400; color: var(--soft); }
thead th { color: var(--soft); font-weight: 500; font-size: 0.84rem; vertical-align: bottom; }
tbody th { font-weight: 560; }
tbody tr:last-child > * { border-bottom: 0; }
tr.highlight > * { background: var(--mark); }
tr.highlight > :first-child { border-radius: 8px 0 0 8px; }
tr.highlight > :last-child { border-radius: 0 8px 8px 0; }
.small { display: block; color: var(--soft); font-size: 0.82rem; font-weight: 400; }
.gain { color: var(--good); font-weight: 600; }
.cards { display: grid; gap: 1rem; }
.card { border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem 1.3rem 1.2rem; }
.card > header { display: flex; flex-wrap: wrap; gap: 0 0.9rem; align-items: baseline; }
.card h4 { margin: 0 0 0.4rem; color: var(--soft); font-size: 0.84rem; font-weight: 500; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); gap: 1rem 2rem; margin-top: 0.8rem; font-size: 0.93rem; }
.card :is(ul, ol) { padding-left: 1.7rem; } .card ul { padding-left: 0; list-style: none; }
.card li { padding: 0.13rem 0.3rem; border-radius: 6px; } .card li::marker { color: var(--soft); font-size: 0.9em; }
.card .more { color: var(--soft); }
.name { display: -webkit-inline-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; line-clamp: 2; overflow: hidden; vertical-align: top; max-width: 100%; }
.is-hit { background: var(--good-mark); }
.hit { color: var(--good); background: var(--good-mark); border-radius: 5px; padding: 0 0.35rem; font-size: 0.8rem; font-weight: 600; white-space: nowrap; }
.missing { color: var(--series-2); }
footer { margin-top: 1.8rem; color: var(--soft); font-size: 0.86rem; }
@media (max-width: 40rem) { body { padding: 1.6rem 1rem; } section { padding: 1.2rem 1.1rem 1.3rem; border-radius: 12px; } .tiles .value { font-size: 1.5rem; } .tiles { grid-template-columns: 1fr 1fr; } .tiles > :last-child:nth-child(odd) { grid-column: 1 / -1; }
  figure { overflow-x: auto; } section > figure > svg { min-width: 38rem; } }
@media print {
  @page { margin: 14mm 13mm; }
  :root { color-scheme: light; --page: #ffffff; }
  body { padding: 0; max-width: none; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { display: none; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 1rem 0 0; margin-top: 1.2rem; }
  h2, h3, .note { break-after: avoid; }
  figure, tr, .card, .tiles, .note { break-inside: avoid; }
  .table { overflow: visible; } th, td { padding: 0.3rem 0.5rem; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); } .tiles .value { font-size: 1.3rem; }
  .columns { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.6rem 1.2rem; font-size: 8pt; }
  .figures { grid-template-columns: 1fr 1fr; gap: 1rem 1.4rem; }
}
`);
