import { type Html, type HtmlValue, html } from "./html";
import { stylesheet } from "./style";

/** A report. */
export interface Page {
  readonly title: string;
  /** A few words above the title. */
  readonly kicker?: HtmlValue;
  /** A sentence or two below the title: what there is to know if one reads no further. */
  readonly lede?: HtmlValue;
  /** The figures that matter most. */
  readonly tiles?: readonly Tile[];
  readonly sections: readonly Section[];
  readonly foot?: HtmlValue;
}

/** A figure with its name and a word about it. */
export interface Tile {
  readonly name: string;
  readonly value: HtmlValue;
  readonly note?: HtmlValue;
}

export interface Section {
  /** The anchor of the section in the page. */
  readonly id: string;
  readonly title: string;
  /** A sentence about what is shown and how it was measured. */
  readonly note?: HtmlValue;
  readonly body: HtmlValue;
}

/** Two spaces and what both say, which is the subject of the library. */
const emblem = html`<svg class="emblem" viewBox="0 0 48 32" aria-hidden="true"><circle cx="16" cy="16" r="15"/><circle cx="32" cy="16" r="15"/><path d="M24 3.3a15 15 0 0 1 0 25.4 15 15 0 0 1 0-25.4z"/></svg>`;

/**
 * A report as one HTML file: it needs no network, follows the light or dark look of the system, and prints. It holds no script,
 * and its own policy forbids every script and every request.
 */
export function page({ title, kicker, lede, tiles = [], sections, foot }: Page): string {
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${stylesheet}</style>
</head>
<body>
<header>
${kicker !== undefined && html`<p class="kicker">${emblem}${kicker}</p>`}
<h1><bdi>${title}</bdi></h1>
${lede !== undefined && html`<p class="lede">${lede}</p>`}
${tiles.length > 0 && html`<dl class="tiles">${tiles.map(tile)}</dl>`}
${sections.length > 2 && html`<nav aria-label="Sections">${sections.map(({ id, title: name }) => html`<a href="#${id}">${name}</a>`)}</nav>`}
</header>
<main>
${sections.map(section)}</main>
${foot !== undefined && html`<footer>${foot}</footer>`}
</body>
</html>
`;
  return markup.toString();
}

/** A plot with its caption. */
export function figure(content: Html, caption?: HtmlValue): Html {
  return html`<figure>${content}${caption !== undefined && html`<figcaption>${caption}</figcaption>`}</figure>`;
}

function tile({ name, value, note }: Tile): Html {
  return html`<div><dt>${name}</dt><dd class="value">${value}</dd>${note !== undefined && html`<dd>${note}</dd>`}</div>`;
}

function section({ id, title, note, body }: Section): Html {
  return html`<section id="${id}">
<h2>${title}</h2>
${note !== undefined && html`<p class="note">${note}</p>`}
${body}
</section>
`;
}
