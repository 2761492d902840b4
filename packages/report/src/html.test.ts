import fc from "fast-check";
import { expect, it } from "vitest";
import { html } from "./html";

it("escapes texts and keeps markup", () => {
  const inner = html`<b>${"<i>&'\""}</b>`;
  expect(html`<p title="${'"'}">${inner}${[inner, 1]}${undefined}${false}</p>`.toString()).toBe(
    '<p title="&quot;"><b>&lt;i&gt;&amp;&#39;&quot;</b><b>&lt;i&gt;&amp;&#39;&quot;</b>1</p>',
  );
});

it("never lets a text begin a tag or end an attribute", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(html`${text}`.toString()).not.toMatch(/[<>"']/);
    }),
  );
});
