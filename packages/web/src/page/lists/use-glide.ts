import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const duration = 260;

/** Rows glide from their former places to their new ones whenever the items change, unless the reader wants no motion. */
export function useGlide(list: RefObject<HTMLElement | null>, items: readonly number[] | undefined): void {
  const places = useRef<ReadonlyMap<string, number>>(new Map());
  // The places change with the items.
  useLayoutEffect(() => {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-item]") ?? [])];
    const next = new Map(rows.map((row) => [row.dataset.item ?? "", row.offsetTop]));
    for (const row of rows) {
      if (isStill) break;
      const item = row.dataset.item ?? "";
      const [before, after] = [places.current.get(item), next.get(item) ?? 0];
      if (before === after) continue;
      const start =
        before === undefined
          ? { opacity: 0, transform: "translateX(8px)" }
          : { opacity: 1, transform: `translateY(${before - after}px)` };
      row.animate([start, { opacity: 1, transform: "none" }], {
        duration,
        easing: "cubic-bezier(.2,.7,.2,1)",
      });
    }
    places.current = next;
  }, [items?.join()]);
}
