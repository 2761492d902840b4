import { useCallback, useMemo, useState } from "preact/hooks";
import { litCount, type Space } from "../content/page-content";
import { Announcement } from "./announcement";
import { Failure } from "./failure";
import { PicksField } from "./fields/picks-field";
import { PopularityField } from "./fields/popularity-field";
import { WordsField } from "./fields/words-field";
import { Columns } from "./lists/columns";
import { ItemMap } from "./map/item-map";
import { SpaceChoice } from "./map/space-choice";
import { Masthead } from "./masthead";
import type { ModelWorker } from "./model/model-worker";
import { noTaste, type Taste } from "./model/taste";
import { useModel } from "./model/use-model";
import { ItemSearch } from "./search/item-search";
import type { Catalogue } from "./state/catalogue";

/** Items of each list. */
const listLength = 10;

/** The page: what someone says on one side, what the model answers on the other. */
export function App({ catalogue, worker }: { readonly catalogue: Catalogue; readonly worker: ModelWorker }) {
  const [taste, setTaste] = useState<Taste>(noTaste);
  const [space, setSpace] = useState<Space>("both");
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const { readsTexts, readsPicks, itemNames, popularity, anyone } = catalogue;
  const model = useModel(taste, { worker, readsTexts, anyone, count: litCount, explained: listLength });
  const search = useMemo(() => new ItemSearch(itemNames, popularity), [itemNames, popularity]);
  const setWords = useCallback((words: string) => setTaste((before) => ({ ...before, words })), []);
  const setPenalty = useCallback(
    (popularityPenalty: number) => setTaste((before) => ({ ...before, popularityPenalty })),
    [],
  );
  const pick = useCallback(
    (item: number) =>
      setTaste((before) =>
        before.picks.includes(item) ? before : { ...before, picks: [...before.picks, item] },
      ),
    [],
  );
  const drop = useCallback(
    (item: number) =>
      setTaste((before) => ({ ...before, picks: before.picks.filter((other) => other !== item) })),
    [],
  );
  const { picks } = taste;
  return (
    <>
      <Masthead catalogue={catalogue} />
      <main>
        <section class="saying" aria-label="What you like">
          <h1>Say what you like.</h1>
          {readsTexts && (
            <WordsField
              words={taste.words}
              onChange={setWords}
              knownWords={model.knownWords}
              suggestions={catalogue.suggestions}
            />
          )}
          {readsPicks && (
            <PicksField picks={picks} names={itemNames} search={search} onPick={pick} onDrop={drop} />
          )}
        </section>
        <section class="seeing" aria-label="Map of the items">
          <div class="controls">
            <SpaceChoice space={space} onChange={setSpace} hasWords={readsTexts} hasClicks={readsPicks} />
            <PopularityField penalty={taste.popularityPenalty} onChange={setPenalty} />
          </div>
          <ItemMap
            catalogue={catalogue}
            space={space}
            rankings={model.rankings}
            listLength={listLength}
            picks={picks}
            pointed={pointed}
            onPoint={setPointed}
            onPick={readsPicks ? pick : undefined}
          />
        </section>
        <section class="reading" aria-label="Recommendations" aria-busy={model.status === "loading"}>
          {model.status === "failed" ? (
            <Failure message={model.message ?? ""} />
          ) : (
            <Columns
              catalogue={catalogue}
              model={model}
              taste={taste}
              space={space}
              length={listLength}
              pointed={pointed}
              onPoint={setPointed}
              onPick={readsPicks ? pick : undefined}
            />
          )}
        </section>
      </main>
      <Announcement rankings={model.rankings} names={itemNames} />
    </>
  );
}
