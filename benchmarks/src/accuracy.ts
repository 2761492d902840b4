// Accuracy of models over seeds on a folder of data: a table, and JSON as the last line.
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { describeDataset, fingerprint } from "@dmrec/data";
import { defaultZoo as zoo } from "dmrec";
import { accuracyCommand, parseAccuracyFlags } from "./accuracy-flags";
import { accuracyTable } from "./accuracy-table";
import { modelSettings, taskIn } from "./accuracy-task";
import { readFolder, withEmbeddings } from "./benchmark-data";
import { runCommand } from "./interruption";
import { runAll } from "./worker-pool";

async function main(abortSignal: AbortSignal): Promise<void> {
  const flags = parseAccuracyFlags(zoo, accuracyCommand(zoo).parse());
  const { base, settings, embeddings, seeds, beta, klWeight, softmaxSamples, epochs, jobs } = flags;
  const data = await withEmbeddings(await readFolder(flags.data), embeddings);
  console.log(`${data.name}: ${JSON.stringify(describeDataset(data))}`);
  const models = flags.models ?? zoo.defaultModels(data);
  // Wrong options of the last model are reported before the first one is trained.
  for (const name of models)
    zoo.resolve(name, data, { base, settings, beta: beta?.[name], klWeight, softmaxSamples });
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const root = join(flags.runs, fingerprint(data).slice(0, 12));
  const tasks = seeds.flatMap((seed) =>
    models.map((name) =>
      taskIn(root, {
        folder: resolve(flags.data),
        label: `${base} ${name} seed ${seed}`,
        model: {
          ...modelSettings(zoo, name, { base, settings, softmaxSamples }),
          beta: beta?.[name],
          klWeight,
        },
        embeddings,
        seed,
        epochs,
        part: "test",
        threads,
      }),
    ),
  );
  const results = await runAll(tasks, { jobs, abortSignal, report: console.log });
  console.log(accuracyTable(results));
  console.log(JSON.stringify({ results, jobs }));
}

await runCommand(main);
