import { multVae } from "@dmrec/base-models";
import { gatherRows } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { compiled, createTrainer } from "@dmrec/trainer";
import { speedData } from "../speed/speed-data";

/** The losses of a small seeded run of DMRec-M: every machine and engine has to come to the same ones.
 * The first scores of a user follow. */
export async function losses(executionProvider: "cpu" | "webgpu" | "cuda"): Promise<number[]> {
  const data = await speedData(undefined, { users: 90, items: 60, interactions: 900 }, 16);
  const { itemCount, profileEmbeddings } = data;
  const base = multVae({ itemCount, hiddenDimension: 24, latentDimension: 8 });
  const model = withMatching(base, { profileEmbeddings, strategy: mddm({ beta: 0.5 }), hiddenDimension: 20 });
  const trainer = await createTrainer({
    engine: compiled({ executionProvider }),
    epochs: 4,
    batchSize: 40,
    evaluation: { interval: 2 },
  });
  await using open = await trainer.open(model);
  const { epochHistory } = await open.fit(data);
  const scores = await open.score(gatherRows(data.train, Int32Array.of(0)));
  return [...epochHistory.map(({ losses }) => losses.total), ...scores.subarray(0, 10)];
}
