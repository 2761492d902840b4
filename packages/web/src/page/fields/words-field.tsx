import { useEffect, useRef } from "preact/hooks";

/** A text area that is as high as its text. Each change of the words is reported at once. */
export function WordsField({
  words,
  onChange,
  knownWords,
  suggestions,
}: {
  readonly words: string;
  readonly onChange: (words: string) => void;
  readonly knownWords: readonly string[];
  readonly suggestions: readonly string[];
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (area.current) fitHeight(area.current);
  }, [words]);
  // A line breaks elsewhere in another width.
  useEffect(() => {
    const { current } = area;
    if (!current?.parentElement) return;
    const observer = new ResizeObserver(() => fitHeight(current));
    observer.observe(current.parentElement);
    return () => observer.disconnect();
  }, []);
  const isUnread = words.trim() !== "" && knownWords.length === 0;
  const further = suggestions.filter((word) => !words.toLowerCase().includes(word.toLowerCase()));
  return (
    <div class="field field-words">
      <label for="words">In words</label>
      <textarea
        id="words"
        ref={area}
        rows={1}
        value={words}
        maxLength={2000}
        spellcheck={false}
        placeholder={
          suggestions.length > 0 ? `${suggestions.slice(0, 2).join(", ")} …` : "a sentence about it"
        }
        aria-describedby="words-note"
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <p id="words-note" class="note" role="status">
        {isUnread ? "None of these words is in the texts about the items. Try others." : ""}
      </p>
      {further.length > 0 && (
        <ul class="suggestions" aria-label="Words to add">
          {further.map((word) => (
            <li key={word}>
              <button
                type="button"
                onClick={() => {
                  onChange(words.trim() === "" ? word : `${words.trimEnd()}, ${word}`);
                  area.current?.focus();
                }}
              >
                <span class="unseen">Add the word </span>
                {word}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function fitHeight(area: HTMLTextAreaElement): void {
  area.style.height = "auto";
  // The height has the border in it, that of the content has not: without it the text would scroll by the border.
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}
