/** Markup that is safe to put into a page: {@link html} makes it and escapes every text in it. */
export class Html {
  readonly #markup: string;

  /** @param markup Markup of the program's own, such as a plot. Texts of users go through {@link html}. */
  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** A value in the template of {@link html}. A list is joined, and nothing is written for `undefined` and `false`. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/**
 * Markup from a template. Texts in it are escaped, so they stay text whatever they hold.
 *
 * @example
 * html`<b>${"<script>"}</b>`.toString(); // "<b>&lt;script&gt;</b>"
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const markup = parts.map((part, index) => (index === 0 ? "" : written(values[index - 1])) + part);
  return new Html(markup.join(""));
}

function written(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.toString();
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  return value.map(written).join("");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
