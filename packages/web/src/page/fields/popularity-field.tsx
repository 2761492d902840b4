import { useId } from "preact/hooks";

/** A slider between what is popular with everyone and what is particular to someone. */
export function PopularityField({
  penalty,
  onChange,
}: {
  readonly penalty: number;
  readonly onChange: (penalty: number) => void;
}) {
  const id = useId();
  return (
    <div class="popularity">
      <label for={id}>Popular</label>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={penalty}
        aria-label="From popular to particular"
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
      <span aria-hidden="true">Particular</span>
    </div>
  );
}
