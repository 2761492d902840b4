import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

interface Thread {
  readonly item: number;
  /** The side of the middle column. */
  readonly side: "left" | "right";
  readonly path: string;
}

/** Curves between the places of an item in neighbouring columns. They show which space brought it there. */
export function Threads({
  place,
  lists,
  pointed,
}: {
  readonly place: RefObject<HTMLElement | null>;
  readonly lists: readonly (readonly number[] | undefined)[];
  readonly pointed: number | undefined;
}) {
  const [threads, setThreads] = useState<readonly Thread[]>([]);
  const shown = lists.map((items) => items?.join()).join(";");
  // The places change with the lists, and with the size of the columns.
  useLayoutEffect(() => {
    if (place.current) setThreads(threadsOf(place.current));
  }, [shown, place]);
  useLayoutEffect(() => {
    const { current } = place;
    if (!current) return;
    const observer = new ResizeObserver(() => setThreads(threadsOf(current)));
    observer.observe(current);
    return () => observer.disconnect();
  }, [place]);
  return (
    <svg class="threads" aria-hidden="true" focusable="false">
      {threads.map(({ item, side, path }) => (
        <path
          key={`${side} ${item}`}
          d={path}
          class={`thread thread-${side}`}
          data-pointed={item === pointed}
        />
      ))}
    </svg>
  );
}

function threadsOf(columns: HTMLElement): Thread[] {
  const lists = [...columns.querySelectorAll("ol")];
  const origin = columns.getBoundingClientRect();
  // A row that glides is measured where it will be.
  const boxes = lists.map((list) => {
    const { left, right, top } = list.getBoundingClientRect();
    const rows = [...list.querySelectorAll<HTMLElement>("[data-item]")];
    const heights = rows.map(
      (row) => [Number(row.dataset.item), top - origin.top + row.offsetTop - list.offsetTop + 17] as const,
    );
    return { left: left - origin.left, right: right - origin.left, heights: new Map(heights) };
  });
  const sides = [...columns.querySelectorAll(".column")].map((column) =>
    lists.findIndex((list) => column.contains(list)),
  );
  return sides.slice(1).flatMap((right, index) => {
    const [from, to] = [boxes[sides[index]], boxes[right]];
    if (!from || !to || to.left <= from.right) return [];
    return [...from.heights].flatMap(([item, y]) => {
      const end = to.heights.get(item);
      if (end === undefined) return [];
      const [x0, x1] = [from.right + 4, to.left - 4];
      const middle = (x0 + x1) / 2;
      return [
        {
          item,
          side: index === 0 ? "left" : "right",
          path: `M${x0} ${y}C${middle} ${y} ${middle} ${end} ${x1} ${end}`,
        } as const,
      ];
    });
  });
}
