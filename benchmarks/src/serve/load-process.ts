// Clients of a service, in a process of their own, so that their work does not delay the service's.
import { text } from "node:stream/consumers";
import { RandomGenerator } from "@dmrec/core";
import { Client } from "undici";
import { type Load, type LoadResult, loadSchema } from "./messages";

process.on("message", async (message) => {
  process.send?.(await load(loadSchema.parse(message)));
});

/** Clients that each ask again as soon as they are answered, until the time is over or the service refuses connections. */
async function load({ url, clients, seconds, users, seed }: Load): Promise<LoadResult> {
  const milliseconds: number[] = [];
  const failures: Record<string, number> = {};
  const end = performance.now() + seconds * 1000;
  const random = RandomGenerator.fromSeed(seed);
  const before = process.cpuUsage();
  const client = async (nth: number) => {
    const connection = new Client(url, { keepAliveTimeout: 60_000 });
    const own = random.fork("client", nth);
    while (performance.now() < end) {
      const started = performance.now();
      try {
        const { statusCode, body } = await connection.request({
          method: "POST",
          path: "/recommend",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ userId: String(Math.floor(own.uniform() * users)) }),
        });
        const { items } = JSON.parse(await text(body));
        const problem = statusCode === 200 && items.length === 10 ? undefined : `status ${statusCode}`;
        if (problem) failures[problem] = (failures[problem] ?? 0) + 1;
        else milliseconds.push(performance.now() - started);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
        failures[code] = (failures[code] ?? 0) + 1;
        break;
      }
    }
    await connection.destroy();
  };
  await Promise.all(Array.from({ length: clients }, (_, nth) => client(nth)));
  const { user, system } = process.cpuUsage(before);
  return { milliseconds: Float32Array.from(milliseconds), failures, cpuSeconds: (user + system) / 1e6 };
}
