import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Inks } from "./map-painter";

/** The inks that the style sheet gives to an element, which change with the colour scheme. */
export function useInks(element: RefObject<HTMLElement | null>): Inks | undefined {
  const [inks, setInks] = useState<Inks | undefined>(undefined);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const read = () => {
      const style = getComputedStyle(current);
      const ink = (name: string) => style.getPropertyValue(name).trim();
      setInks({
        clicks: ink("--clicks"),
        words: ink("--words"),
        both: ink("--both"),
        item: ink("--map-item"),
        paper: ink("--map-paper"),
        overprint: scheme.matches ? "screen" : "multiply",
      });
    };
    read();
    scheme.addEventListener("change", read);
    return () => scheme.removeEventListener("change", read);
  }, [element]);
  return inks;
}
