import { useId, useRef } from "preact/hooks";
import type { Space } from "../../content/page-content";
import type { Reason, Reasons } from "../model/answers";
import type { Catalogue } from "../state/catalogue";
import { useGlide } from "./use-glide";

interface RankedListProps {
  readonly space: Space;
  readonly isShown: boolean;
  readonly title: string;
  readonly text: string;
  readonly hint: string | undefined;
  readonly items: readonly number[] | undefined;
  readonly length: number;
  readonly reasons: Reasons | undefined;
  readonly catalogue: Catalogue;
  readonly pointed: number | undefined;
  readonly onPoint: (item: number | undefined) => void;
  readonly onPick: ((item: number) => void) | undefined;
}

/** The items of one space, best first, each with what speaks for it. */
export function RankedList({
  space,
  isShown,
  title,
  text,
  hint,
  items,
  reasons,
  catalogue,
  pointed,
  onPoint,
  onPick,
}: RankedListProps) {
  const id = useId();
  const list = useRef<HTMLOListElement>(null);
  useGlide(list, items);
  return (
    <section class={`column column-${space}`} data-shown={isShown} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p class="about">{hint ?? text}</p>
      {items && (
        <ol ref={list} onPointerLeave={() => onPoint(undefined)}>
          {items.map((item) => (
            <RankedItem
              key={item}
              item={item}
              catalogue={catalogue}
              reasons={reasons?.get(item)}
              isPointed={item === pointed}
              onPoint={onPoint}
              onPick={onPick}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

function RankedItem({
  item,
  catalogue,
  reasons,
  isPointed,
  onPoint,
  onPick,
}: {
  readonly item: number;
  readonly catalogue: Catalogue;
  readonly reasons: readonly Reason[] | undefined;
  readonly isPointed: boolean;
  readonly onPoint: (item: number | undefined) => void;
  readonly onPick: ((item: number) => void) | undefined;
}) {
  const name = catalogue.itemNames[item];
  const note = catalogue.itemNotes?.[item];
  const point = () => onPoint(item);
  return (
    <li data-item={item} data-pointed={isPointed} onPointerEnter={point}>
      {onPick ? (
        <button
          type="button"
          class="name"
          title={name}
          onClick={() => onPick(item)}
          onFocus={point}
          onBlur={() => onPoint(undefined)}
        >
          <span class="unseen">Pick </span>
          <bdi>{name}</bdi>
        </button>
      ) : (
        <bdi class="name" title={name}>
          {name}
        </bdi>
      )}
      {reasons && reasons.length > 0 ? (
        <Why reasons={reasons} names={catalogue.itemNames} />
      ) : (
        <p class="item-note">{note}</p>
      )}
    </li>
  );
}

function Why({ reasons, names }: { readonly reasons: readonly Reason[]; readonly names: readonly string[] }) {
  return (
    <p class="why">
      <span class="unseen">Because of </span>
      {reasons.map((reason) =>
        reason.kind === "word" ? (
          <bdi key={`word ${reason.word}`} class="reason reason-word">
            {reason.word}
          </bdi>
        ) : (
          <bdi key={`pick ${reason.item}`} class="reason reason-pick" title={names[reason.item]}>
            {names[reason.item]}
          </bdi>
        ),
      )}
    </p>
  );
}
