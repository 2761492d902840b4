import type { Catalogue } from "./state/catalogue";

/** The name of the data, and where it is computed. */
export function Masthead({ catalogue }: { readonly catalogue: Catalogue }) {
  const count = catalogue.itemNames.length.toLocaleString("en");
  return (
    <header class="masthead">
      <svg class="mark" viewBox="0 0 40 26" aria-hidden="true" focusable="false">
        <circle class="mark-clicks" cx="14" cy="13" r="12" />
        <circle class="mark-words" cx="26" cy="13" r="12" />
      </svg>
      <p>
        <bdi class="data-name">{catalogue.title}</bdi>
        <span>{count} items</span>
      </p>
      <p class="where">Computed in this browser. Nothing you say leaves it.</p>
    </header>
  );
}
