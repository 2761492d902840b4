// Writes profiles into a store until there are enough: FOLDER NAME COUNT.
import { openProfileStore } from "../../store/profile-store";

const [folder, name, count] = process.argv.slice(2);
const store = await openProfileStore(folder);
try {
  for (let index = 0; index < Number(count); index += 1) {
    await store.save({ collection: "default", entity: "item", id: `${name}-${index}` }, `${name}-${index}`, {
      profile: { status: "ok", summary: "x".repeat(1000), reasoning: "The title." },
      rawReply: "{}",
      model: "local/test",
      usage: { inputTokens: 1, outputTokens: 2 },
      calls: 1,
      seconds: 0.5,
      time: new Date().toISOString(),
    });
    console.log(`saved ${index + 1}`);
    await store.ledger.reserve(1);
  }
  await store.close();
} catch (error) {
  console.error(String(error));
  process.exitCode = 3;
}
