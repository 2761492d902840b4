import { type Html, type HtmlValue, html } from "./html";

/** A table with a column of names and columns of figures. */
export interface Table {
  readonly head: readonly HtmlValue[];
  readonly rows: readonly (readonly HtmlValue[])[];
  /** The row to bring out, from 0. */
  readonly highlight?: number | undefined;
  /** The kind of the cells: figures are aligned at the right, texts at the left and may wrap. @default "figures" */
  readonly cells?: "figures" | "texts" | undefined;
}

/** A table in HTML. Its first column names the rows. */
export function table({ head, rows, highlight, cells: kind = "figures" }: Table): Html {
  const body = rows.map(
    ([name, ...cells], index) =>
      html`<tr${index === highlight && html` class="highlight"`}><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
  );
  return html`<div class="table"><table${kind === "texts" && html` class="texts"`}>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${body}</tbody>
</table></div>`;
}
