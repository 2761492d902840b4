/** The argument between `low` and `high` at which a rising function passes 0, by halving the interval. */
export function findRoot(rising: (argument: number) => number, low: number, high: number): number {
  let [below, above] = [low, high];
  for (;;) {
    const middle = below + (above - below) / 2;
    // Two neighbouring numbers have none between them.
    if (middle <= below || middle >= above) return middle;
    if (rising(middle) < 0) below = middle;
    else above = middle;
  }
}
