import { expect, it } from "vitest";
import { experimentsZoo } from "./experiments-zoo";
import { experiments } from "./plan";
import { experimentTasks } from "./tasks";
import { totalSeconds } from "./time-trials";

it("estimates the time of all runs by the kind of their models, whatever their β", () => {
  const chosen = experiments(experimentsZoo, "default").filter(({ name }) => name === "figure-6");
  const tasks = experimentTasks(chosen, {
    folder: "data",
    root: "runs",
    records: "records",
    embeddings: "given",
    seeds: 2,
    epochs: 100,
    threads: 1,
  });
  const results = new Map([
    ["mult-vae/base", { secondsPerEpoch: 1 }],
    ...["godm", "cpdm", "mddm"].map((name) => [`mult-vae/${name}`, { secondsPerEpoch: 3 }] as const),
  ]);
  // Two seeds of the base, and of three strategies with eleven β each, two at a time.
  expect(totalSeconds(tasks, results, 2)).toBeCloseTo((100 * (2 * 1 + 2 * 33 * 3)) / 2);
});
