import type { Space } from "../../content/page-content";

const labels: { readonly [space in Space]: string } = { clicks: "Clicks", both: "Both", words: "Words" };

/** Chooses the space that arranges the map, and the list that a narrow screen shows. */
export function SpaceChoice({
  space,
  onChange,
  hasWords,
  hasClicks,
}: {
  readonly space: Space;
  readonly onChange: (space: Space) => void;
  readonly hasWords: boolean;
  readonly hasClicks: boolean;
}) {
  if (!hasWords || !hasClicks) return null;
  return (
    <fieldset class="space-choice">
      <legend>Arrange by</legend>
      {(["clicks", "both", "words"] as const).map((name) => (
        <label key={name} class={`choice choice-${name}`}>
          <input type="radio" name="space" checked={name === space} onChange={() => onChange(name)} />
          <span>{labels[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}
