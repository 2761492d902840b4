import { type Html, html, type Section } from "@dmrec/report";
import { count } from "./figures-as-text";
import type { ExampleFacts, ReportFacts } from "./report-facts";

/** A few users by name: what they know, and what is recommended to them. */
export function examplesSection({ examples, models }: ReportFacts): Section {
  const titles = new Map(models.map(({ name, title }) => [name, title]));
  return {
    id: "examples",
    title: "Examples by name",
    note: html`Users from the least to the most active, chosen by their number of items and not by the result. ${mark} marks an item that the user did choose and the model had not seen.`,
    body: html`<div class="cards">${examples.map((example) => card(example, titles))}</div>`,
  };
}

const mark = html`<span class="hit">✓ chosen</span>`;

function card(
  { userId, trainingItems, knows, heldOutItems, lists }: ExampleFacts,
  titles: ReadonlyMap<string, string>,
): Html {
  const more = trainingItems - knows.length;
  return html`<article class="card">
<header><h3>User <bdi>${userId}</bdi></h3><p class="small">${count(trainingItems)} training items, ${count(heldOutItems)} held out</p></header>
<div class="columns">
<div><h4>knows</h4><ul class="known">${knows.map((name) => html`<li>${itemName(name)}</li>`)}${more > 0 && html`<li class="more">and ${count(more)} more</li>`}</ul></div>
${lists.map(
  ({ model, items }) =>
    html`<div><h4>${titles.get(model) ?? model} recommends</h4><ol>${items.map(({ name, isHeldOut }) => html`<li${isHeldOut && html` class="is-hit"`}>${itemName(name)}${isHeldOut && html` ${mark}`}</li>`)}</ol></div>`,
)}
</div>
</article>
`;
}

/** A name in its own direction of writing; a long one ends on its second line and is whole as a title. */
function itemName(name: string): Html {
  return html`<bdi class="name" title="${name}">${name}</bdi>`;
}
