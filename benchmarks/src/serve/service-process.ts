// The service of the benchmark, in a process of its own: it answers its parent's questions, and stops on SIGTERM.
import { itemsOf } from "@dmrec/data";
import { startService, threadedRuntime } from "@dmrec/server";
import { loadRecommender } from "@dmrec/serving";
import { amazonBook, speedData } from "../speed/speed-data";
import { type Question, questionSchema, type Usage } from "./messages";

const [, , first, second] = process.argv;
const bulkUsers = 1000;

const data = await speedData(undefined, amazonBook);
const users = new Map(
  data.userIds.map((id, user) => {
    const interactions = Array.from(itemsOf(data.train, user), (item) => data.itemIds[item]);
    const { values, columnCount } = data.profileEmbeddings?.users ?? {
      values: new Float32Array(),
      columnCount: 0,
    };
    const profileEmbedding = values.subarray(user * columnCount, (user + 1) * columnCount);
    return [id, { audience: { interactions, profileEmbedding } }];
  }),
);
const open = async (file: string) => ({
  recommender: await loadRecommender(file, { runtime: await threadedRuntime() }),
  findUser: (id: string) => users.get(id),
});

let model = await open(first);
const service = await startService(model, { port: 0 });
const requests = data.userIds.slice(0, bulkUsers).map((id) => ({ ...users.get(id)?.audience, count: 10 }));

async function answer({ kind }: Question): Promise<Usage> {
  const started = performance.now();
  if (kind === "bulk") await model.recommender.recommendAll(requests);
  if (kind === "swap") {
    model = await open(second);
    await service.swap(model);
  }
  const { user, system } = process.cpuUsage();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: (user + system) / 1e6, memoryMb: process.memoryUsage().rss / 2 ** 20 };
}

process.on("message", async (message) => {
  process.send?.(await answer(questionSchema.parse(message)));
});
process.once("SIGTERM", async () => {
  await service.stop();
  process.exit();
});
process.send?.({ url: service.url });
