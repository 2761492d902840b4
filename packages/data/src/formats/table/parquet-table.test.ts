import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { withFile } from "../../testing/with-file";
import { openParquet } from "./parquet-table";
import { readLog } from "./read-log";

const time = new Date("2024-01-02T00:00:00Z");
const bytes = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: "user_id", data: [1n, 2n, 2n ** 60n + 1n], type: "INT64" },
      { name: "item_id", data: ["a", "b", "a"], type: "STRING" },
      { name: "rating", data: [4.5, 3, 1], type: "DOUBLE" },
      { name: "timestamp", data: [time, time, time], type: "TIMESTAMP" },
    ],
    rowGroupSize: 2,
  }),
);

describe("openParquet", () => {
  it("reads events across row groups, with large identifiers and times", () =>
    withFile(
      bytes,
      async (file) => {
        const log = await readLog(await openParquet(file));
        expect(log.userIds).toEqual(["1", "2", "1152921504606846977"]);
        expect(log.itemIds).toEqual(["a", "b"]);
        expect([...(log.ratings ?? [])]).toEqual([4.5, 3, 1]);
        expect(log.timestamps?.[2]).toBe(time.getTime());
        expect([...log.lines]).toEqual([1, 2, 3]);
      },
      "log.parquet",
    ));

  it.each([
    ["nothing", new Uint8Array()],
    ["text", Buffer.from("user,item\n1,2\n")],
    ["the first half", bytes.subarray(0, bytes.length / 2)],
  ])("refuses %s", (_, content) =>
    withFile(
      content,
      (file) =>
        expect(openParquet(file)).rejects.toThrow(
          /log\.parquet: cannot be read \(.*\); expected a Parquet file/,
        ),
      "log.parquet",
    ),
  );

  it("refuses damaged rows, and a file that is absent", async () => {
    const damaged = Uint8Array.from(bytes);
    damaged.fill(255, 4, 60);
    await withFile(
      damaged,
      async (file) =>
        expect(readLog(await openParquet(file))).rejects.toThrow(/log\.parquet: cannot be read/),
      "log.parquet",
    );
    await expect(openParquet("absent.parquet")).rejects.toThrow(/absent\.parquet: cannot be read \(ENOENT/);
  });
});
