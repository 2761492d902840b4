import { useRef } from "preact/hooks";
import type { Space } from "../../content/page-content";
import type { Taste } from "../model/taste";
import type { ModelState } from "../model/use-model";
import type { Catalogue } from "../state/catalogue";
import { RankedList } from "./ranked-list";
import { Threads } from "./threads";

export interface ColumnsProps {
  readonly catalogue: Catalogue;
  readonly model: ModelState;
  readonly taste: Taste;
  /** The space whose list a narrow screen shows. */
  readonly space: Space;
  /** Items of each list. */
  readonly length: number;
  readonly pointed: number | undefined;
  readonly onPoint: (item: number | undefined) => void;
  readonly onPick: ((item: number) => void) | undefined;
}

const headings: { readonly [space in Space]: { readonly title: string; readonly text: string } } = {
  clicks: { title: "Clicks", text: "What people who clicked your picks clicked next." },
  both: { title: "Both", text: "What the model makes of everything you said." },
  words: { title: "Words", text: "What the texts about the items say of your words." },
};

/** The three rankings side by side: clicks, both, words. Threads join the places of an item in neighbouring lists. */
export function Columns({ catalogue, model, taste, space, length, pointed, onPoint, onPick }: ColumnsProps) {
  const place = useRef<HTMLDivElement>(null);
  const { readsPicks, readsTexts } = catalogue;
  const spaces = (["clicks", "both", "words"] as const).filter(
    (name) => name === "both" || (readsPicks && readsTexts),
  );
  const lists = spaces.map((name) => model.rankings?.[name]?.slice(0, length));
  return (
    <div class="columns" ref={place} data-count={spaces.length}>
      {spaces.map((name, index) => (
        <RankedList
          key={name}
          space={name}
          isShown={name === space}
          title={spaces.length === 1 ? "For you" : headings[name].title}
          text={headings[name].text}
          hint={hintOf(name, taste, model)}
          items={lists[index]}
          length={length}
          reasons={model.reasons?.[name]}
          catalogue={catalogue}
          pointed={pointed}
          onPoint={onPoint}
          onPick={onPick}
        />
      ))}
      {spaces.length > 1 && <Threads place={place} lists={lists} pointed={pointed} />}
    </div>
  );
}

/** What a list says while it has no items of its own. */
function hintOf(
  space: Space,
  { words, picks }: Taste,
  { status, knownWords }: ModelState,
): string | undefined {
  if (status === "loading") return "The model is on its way …";
  if (space === "clicks" && picks.length === 0)
    return "Pick an item, and here is what its people clicked, whatever the words say.";
  if (space === "words" && knownWords.length === 0)
    return words.trim() === ""
      ? "Type a few words, and here is what they describe, whoever clicked it."
      : "None of your words is in the texts about the items.";
  if (space === "both" && picks.length === 0 && knownWords.length === 0)
    return "You have said nothing yet. This is what the model would show to anyone.";
  return undefined;
}
