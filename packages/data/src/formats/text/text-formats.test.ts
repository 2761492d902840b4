import { InvalidDataError } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InteractionLog } from "../../interactions/interaction-log";
import { withFile } from "../../testing/with-file";
import { delimitedFields } from "../table/delimited-fields";
import { readAdjacencyList } from "./adjacency-list";
import { readDelimitedTable } from "./delimited-table";
import { readJsonLines } from "./json-lines";
import { readRecboleInteractions } from "./recbole-atomic";

const adjacency = (text: string) => withFile(text, readAdjacencyList, "train.txt");
const csv = (text: string) => withFile(text, (file) => readDelimitedTable(file), "log.csv");
const jsonLines = (text: string) => withFile(text, (file) => readJsonLines(file), "log.jsonl");
const events = ({ userIds, itemIds, users, items }: InteractionLog) =>
  Array.from(users, (user, event) => [userIds[user], itemIds[items[event]]]);

describe("readAdjacencyList", () => {
  it("reads users with their items, with any spaces, ends of lines, and users without items", async () => {
    const { userCount, itemCount, users, items, locate } = await adjacency("\uFEFF0 1\t2 \r\n\n3\n1  5\n");
    expect([userCount, itemCount]).toEqual([4, 6]);
    expect([...users]).toEqual([0, 0, 1]);
    expect([...items]).toEqual([1, 2, 5]);
    expect(locate?.(2)).toBe("line 4");
  });

  it.each([
    ["", /is empty/],
    ["\n \n", /is empty/],
    ["0 1\n1 x\n", /line 2: "x"; expected an index/],
    ["0 -1\n", /line 1: "-1"/],
    ["0 1.5\n", /line 1: "1\.5"/],
    ["0 2147483647\n", /line 1: "2147483647"/],
    ["0 1e3\n", /line 1: "1e3"/],
    [
      "0\t7\t5\t88\n0\t8\t4\t89\n1\t7\t3\t90\n1\t9\t3\t91\n",
      /4 lines of 4 numbers, of 2 users; expected a line a user: .*put a line with user, item, rating, timestamp,/,
    ],
  ])("refuses %j", async (text, message) => {
    await expect(adjacency(text)).rejects.toThrow(InvalidDataError);
    await expect(adjacency(text)).rejects.toThrow(message);
  });

  it("reads pairs, and users with as many items each", async () => {
    expect([...(await adjacency("0 1\n0 2\n1 1\n1 3\n")).items]).toEqual([1, 2, 1, 3]);
    expect([...(await adjacency("0 1 2\n1 2 3\n2 1 4\n")).users]).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it("says which file cannot be read", async () => {
    await expect(readAdjacencyList("absent.txt")).rejects.toThrow(/^absent\.txt: cannot be read \(ENOENT/);
    await expect(readAdjacencyList(".")).rejects.toThrow(/^\.: cannot be read \(EISDIR/);
  });
});

describe("delimitedFields", () => {
  it("reads back any fields that were quoted as RFC 4180 has it", () => {
    const field = fc.string().filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), fc.constantFrom(",", "\t", ";"), (fields, delimiter) => {
        const line = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter);
        expect(delimitedFields(line, delimiter)).toEqual(fields);
      }),
    );
    expect(delimitedFields('a,"b', ",")).toBeUndefined();
    expect(delimitedFields('"",', ",")).toEqual(["", ""]);
  });
});

describe("readDelimitedTable", () => {
  it("finds the usual columns, in any order, with ratings and times", async () => {
    const log = await csv(
      '\uFEFFtimestamp,itemId,title,userId,rating\r\n2024-01-02T00:00:00Z,7,"A, B",u,4.5\r\n1700000000,8,C,u,3\r\n',
    );
    expect(events(log)).toEqual([
      ["u", "7"],
      ["u", "8"],
    ]);
    expect([...(log.ratings ?? [])]).toEqual([4.5, 3]);
    expect([...(log.timestamps ?? [])]).toEqual([Date.UTC(2024, 0, 2), 1700000000]);
    expect([...log.lines]).toEqual([2, 3]);
  });

  it("takes columns by name", async () => {
    const columns = { user: "who", item: "what" };
    const log = await withFile(
      "who\twhat\nx\ty\n",
      (file) => readDelimitedTable(file, { columns }),
      "log.tsv",
    );
    expect(events(log)).toEqual([["x", "y"]]);
  });

  it("reads a quoted field across lines, and the place of what comes after it", async () => {
    const log = await csv('user,item,review\na,x,"fine,\n""good""\r\n"\nb,y,bad\n');
    expect(events(log)).toEqual([
      ["a", "x"],
      ["b", "y"],
    ]);
    expect([...log.lines]).toEqual([2, 5]);
  });

  it("reads empty fields beyond the header's, as spreadsheets write them", async () => {
    expect(events(await csv("user,item\na,x,,\n"))).toEqual([["a", "x"]]);
  });

  it("leaves out lines that are not valid if they have a handler", async () => {
    const errors: string[] = [];
    const log = await withFile(
      "user,item,rating\na,x,5\na,y\nb,x,good\nb,y,1\n",
      (file) => readDelimitedTable(file, { onInvalidLine: ({ message }) => errors.push(message) }),
      "log.csv",
    );
    expect(events(log)).toEqual([
      ["a", "x"],
      ["b", "y"],
    ]);
    expect(errors).toEqual([
      expect.stringMatching(/line 3: 2 fields; expected 3/),
      expect.stringMatching(/line 4: "good" in "rating"/),
    ]);
  });

  it("grows with the file", async () => {
    const lines = Array.from({ length: 5000 }, (_, event) => `${event % 7},${event}`);
    const log = await csv(`user,item\n${lines.join("\n")}`);
    expect(log.users.length).toBe(5000);
    expect([log.userIds.length, log.itemIds.length]).toEqual([7, 5000]);
    expect(log.ratings).toBeUndefined();
  });

  it.each([
    ["", /is empty/],
    ["user,item\n", /has no line below its header/],
    ["person,item\n1,2\n", /no column for the user among "person", "item"; expected one of user, user_id/],
    ["user,item\n1\n", /line 2: 1 field; expected 2/],
    ["user,item\n1,2,3\n", /line 2: 3 fields; expected 2, as in the header/],
    ["user,item\n,5\n", /line 2: "" in "user"; expected an identifier/],
    ['user,item\n1,"5\n', /line 2: a quote is left open/],
    ["user,item,rating\n1,2,good\n", /line 2: "good" in "rating"; expected a finite number/],
    ["user,item,timestamp\n1,2,later\n", /line 2: "later" in "timestamp"; expected a number or an ISO date/],
  ])("refuses %j", async (text, message) => {
    await expect(csv(text)).rejects.toThrow(InvalidDataError);
    await expect(csv(text)).rejects.toThrow(message);
  });
});

describe("readRecboleInteractions", () => {
  it("reads the typed header", async () => {
    const text = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t2\t5\t10\n";
    const log = await withFile(text, (file) => readRecboleInteractions(file), "ml.inter");
    expect(events(log)).toEqual([["1", "2"]]);
    expect(log.ratings?.[0]).toBe(5);
  });
});

describe("readJsonLines", () => {
  it("reads objects with identifiers of text or numbers", async () => {
    const log = await jsonLines(
      '{"user_id": 1, "asin": "B0", "extra": {}}\n\n{"user_id": "1", "asin": "B1"}\n',
    );
    expect(events(log)).toEqual([
      ["1", "B0"],
      ["1", "B1"],
    ]);
  });

  it("keeps whole numbers apart that JavaScript cannot tell apart", async () => {
    const log = await jsonLines(
      [
        '{"user": 9007199254740992, "item": -9223372036854775807, "rating": 1, "note": "no \\"9007199254740993\\""}',
        '{"user": 9007199254740993, "item":-9223372036854775806, "rating": 12345678901234567890}',
        '{"user": 9007199254740991, "item": 1.0, "rating": 0.12345678901234567890}',
      ].join("\n"),
    );
    expect(events(log)).toEqual([
      ["9007199254740992", "-9223372036854775807"],
      ["9007199254740993", "-9223372036854775806"],
      ["9007199254740991", "1"],
    ]);
  });

  it("leaves out lines that are no JSON or no object, wherever they are", async () => {
    const lines = ["[1]", '{"user": 1, "item": 2}', '{"user": 1,', '{"user": 3, "item": 4}'];
    const errors: string[] = [];
    const onInvalidLine = (error: InvalidDataError) => errors.push(error.message.split(": ")[0]);
    const log = await withFile(`${lines.join("\n")}\n`, (file) => readJsonLines(file, { onInvalidLine }));
    expect(events(log)).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
    expect(errors.map((place) => place.split(", ")[1])).toEqual(["line 1", "line 3"]);
  });

  it("gives up a file whose first thousand lines are broken", async () => {
    const broken = (count: number) => `${"{\n".repeat(count)}{"user": 1, "item": 2}\n`;
    const onInvalidLine = () => {};
    const log = await withFile(broken(1000), (file) => readJsonLines(file, { onInvalidLine }));
    expect(events(log)).toEqual([["1", "2"]]);
    await withFile(broken(1001), (file) =>
      expect(readJsonLines(file, { onInvalidLine })).rejects.toThrow(/line 1: no valid JSON/),
    );
  });

  it("identifies Amazon's products as their catalogue does, by the parent", async () => {
    const log = await jsonLines(
      '{"asin": "B1", "parent_asin": "P", "user_id": "u", "rating": 5, "title": "t"}\n',
    );
    expect(events(log)).toEqual([["u", "P"]]);
  });

  it.each([
    ["", /is empty/],
    ['{"user": 1, "item": 2}\n{"user": 1,\n', /line 2: no valid JSON/],
    ["[1, 2]\n", /line 1: JSON that is not an object/],
    ["nothing\n[1, 2]\n", /line 1: no valid JSON/],
    ['{"user": 1, "item": 2}\n{"user": 1}\n', /line 2: no "item"; expected an identifier/],
    ['{"user": 1, "item": null}\n', /line 1: null in "item"/],
  ])("refuses %j", async (text, message) => {
    await expect(jsonLines(text)).rejects.toThrow(InvalidDataError);
    await expect(jsonLines(text)).rejects.toThrow(message);
  });
});
