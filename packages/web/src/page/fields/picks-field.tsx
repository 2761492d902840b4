import { useId, useMemo, useRef, useState } from "preact/hooks";
import type { ItemSearch } from "../search/item-search";

/** Items of the list that opens. */
const found = 8;

/** A combobox that finds items by name, with the picked items under it (ARIA Authoring Practices: list autocomplete). */
export function PicksField({
  picks,
  names,
  search,
  onPick,
  onDrop,
}: {
  readonly picks: readonly number[];
  readonly names: readonly string[];
  readonly search: ItemSearch;
  readonly onPick: (item: number) => void;
  readonly onDrop: (item: number) => void;
}) {
  const [query, setQuery] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const options = useMemo(() => search.find(query, found, new Set(picks)), [search, query, picks]);
  const isListed = isOpen && options.length > 0;
  const choose = (item: number) => {
    onPick(item);
    setQuery("");
    setOpen(false);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      setOpen(false);
      if (!isListed) setQuery("");
    } else if (event.key === "Backspace" && query === "" && picks.length > 0) onDrop(picks[picks.length - 1]);
    if (options.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive(isListed ? (active + step + options.length) % options.length : 0);
    } else if (event.key === "Enter" && isListed) {
      event.preventDefault();
      choose(options[active]);
    }
  };
  return (
    <div class="field field-clicks">
      <label for={id}>In clicks</label>
      <div class="combobox">
        <input
          id={id}
          ref={input}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          placeholder="find something you liked"
          value={query}
          aria-autocomplete="list"
          aria-expanded={isListed}
          aria-controls={`${id}-list`}
          aria-activedescendant={isListed ? `${id}-${options[active]}` : undefined}
          onInput={({ currentTarget }) => {
            setQuery(currentTarget.value);
            setActive(0);
            setOpen(true);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(false)}
          onFocus={() => setOpen(true)}
        />
        <div id={`${id}-list`} role="listbox" aria-label="Items found" hidden={!isListed}>
          {options.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox.
            <div
              key={item}
              id={`${id}-${item}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(item)}
            >
              <bdi>{names[item]}</bdi>
            </div>
          ))}
        </div>
      </div>
      <p class="note" role="status">
        {query.trim() !== "" && options.length === 0 ? "No item has this in its name." : ""}
      </p>
      {picks.length > 0 && (
        <ul class="picks" aria-label="Picked items">
          {picks.map((item) => (
            <li key={item}>
              <button type="button" onClick={() => onDrop(item)} title={names[item]}>
                <span class="unseen">Remove </span>
                <bdi>{names[item]}</bdi>
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
