import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { itemName } from "../../dataset/item-name";
import type { DataWarning } from "../data-warning";
import { loadFolder } from "../load-folder";
import type { LoadDatasetOptions } from "../load-options";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-tables-"));
});
afterEach(() => rm(folder, { recursive: true }));

const events = "user,item\n7,i10\n7,i20\n8,i20\n8,i30\n9,i10\n";

/** Loads the events beside other files. */
async function load(files: Readonly<Record<string, string | Uint8Array>>, options: LoadDatasetOptions = {}) {
  await writeFile(join(folder, "events.csv"), events);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const warnings: DataWarning[] = [];
  const onWarning = (_: string, warning: DataWarning) => warnings.push(warning);
  const loaded = await loadFolder(folder, { split: { ratio: [1, 0, 0] }, onWarning, ...options });
  return { ...loaded, warnings };
}

describe("a table of items", () => {
  const expected = [
    { title: "Tea, green", tags: ["drink", "warm"], description: "Grown in the shade." },
    { title: "Milk", tags: ["drink"] },
    { title: "Rice" },
  ];

  it.each([
    [
      "CSV",
      "products.csv",
      'sku,stock,Name,categories,description\ni30,10,Rice,,\ni10,20,"Tea, green","drink, warm",Grown in the shade.\ni20,30,Milk,drink,\n',
    ],
    [
      "TSV",
      "catalog.tsv",
      "code\ttitle\ttags\ttext\ni10\tTea, green\tdrink|warm\tGrown in the shade.\ni20\tMilk\tdrink\t\ni30\tRice\t\tnan\n",
    ],
    [
      "JSON lines",
      "meta.jsonl",
      '{"parent":"i10","title":"Tea, green","categories":["drink","warm"],"description":["Grown in the shade."]}\n{"parent":"i20","title":"Milk","categories":["drink"]}\n{"parent":"i30","title":"Rice","description":[]}\n',
    ],
    [
      "JSON",
      "items.json",
      '[{"key":"i10","title":"Tea, green","tags":"[\'drink\', \'warm\']","text":"Grown in the shade."},{"key":"i20","name":"Milk","tags":"drink"},{"key":"i30","title":"Rice"}]',
    ],
    [
      "RecBole's form",
      "shop.item",
      "item_id:token\titem_name:token_seq\tclass:token_seq\tdescription:token_seq\ni10\tTea, green\tdrink warm\tGrown in the shade.\ni20\tMilk\tdrink\t\ni30\tRice\t\t\n",
    ],
  ])("in %s names and describes items, by the values of its identifiers", async (_, name, content) => {
    const { data, files, warnings } = await load({ [name]: content });
    expect(data.itemIds).toEqual(["i10", "i20", "i30"]);
    expect(data.itemAttributes).toEqual(expected);
    expect(data.itemNames).toEqual(["Tea, green", "Milk", "Rice"]);
    expect(itemName(data, 0)).toBe("Tea, green");
    expect(files.find(({ file }) => file === name)?.holds).toBe("items");
    expect(warnings).toEqual([]);
  });

  it("in Parquet names and describes items, whose tags may be a list", async () => {
    const table = parquetWriteBuffer({
      columnData: [
        { name: "sku", data: ["i10", "i20", "i30"] },
        { name: "title", data: ["Tea, green", "Milk", "Rice"] },
        { name: "tags", data: [["drink", "warm"], ["drink"], []], type: "JSON" },
        { name: "text", data: ["Grown in the shade.", undefined, undefined], type: "STRING" },
      ],
    });
    const { data } = await load({ "products.parquet": new Uint8Array(table) });
    expect(data.itemAttributes).toEqual(expected);
  });

  it("is identified by the column with the most identifiers, not by a name or a place", async () => {
    const rows = ["1,i20,i10,Tea", "2,i20,i20,Milk", "3,i20,i30,Rice"];
    const { data } = await load({ "items.csv": `item_id,similar,ref,title\n${rows.join("\n")}\n` });
    expect(data.itemNames).toEqual(["Tea", "Milk", "Rice"]);
  });

  it("may have identifiers such as 1.0 for 1 of the interactions, or the other way round", async () => {
    const names = ["Tea", "Milk", "Rice"];
    const [whole, decimals] = [
      "id,title\n1,Tea\n2,Milk\n3,Rice\n",
      "id,title\n1.0,Tea\n2.0,Milk\n3.0,Rice\n,Salt\n",
    ];
    const read = async (interactions: string, items: string) => {
      const { data, files } = await load({ "events.csv": interactions, "items.csv": items });
      expect([data.itemIds, data.itemNames]).toEqual([["1", "2", "3"], names]);
      return files.map(({ read }) => read);
    };
    expect(await read("user,item\n7,1\n7,2\n8,3\n", decimals)).toEqual([
      "3 events of 2 users and 3 items",
      "3 of 3 items: id (identifier, 1.0 read as 1), title (name)",
    ]);
    expect(await read("user,item\n7,1.0\n7,2.0\n8,3.0\n", whole)).toEqual([
      "3 events of 2 users and 3 items; items such as 1.0 are read as 1",
      "3 of 3 items: id (identifier), title (name)",
    ]);
    await read("user,item\n7,1.0\n7,2.0\n8,3.0\n", decimals);
    const mixed = await load({
      "events.csv": "user,item\n7,1.0\n7,2.5\n",
      "items.csv": "id,title\n1.0,Tea\n2.5,Milk\n",
    });
    expect(mixed.data.itemIds).toEqual(["1.0", "2.5"]);
  });

  it("may be compressed, and in Latin-1", async () => {
    const text = "item,title\ni10,Thé\ni20,Crème\ni30,Pâte\n";
    const { data } = await load({ "items.csv.gz": gzipSync(Buffer.from(text, "latin1")) });
    expect(data.itemNames).toEqual(["Thé", "Crème", "Pâte"]);
  });

  it("is chosen by what it describes, and the report says what was read and left out", async () => {
    const { files, warnings } = await load({
      "products.csv": "id,title,price\ni10,Tea,3\ni20,Milk,1\ni99,Salt,1\ni20,Cream,2\n",
      "links.csv": "item,url\ni10,x\ni20,x\ni30,x\n",
      "stock.csv": "item,count\ni10,1\ni20,1\ni30,1\n",
      "README.txt": "about\n",
    });
    expect(files).toEqual([
      { file: "events.csv", holds: "interactions", read: "5 events of 3 users and 3 items" },
      {
        file: "products.csv",
        holds: "items",
        read: "2 of 3 items: id (identifier), title (name), price (filter)",
        leftOut: "1 row about items without interactions; 1 row repeated",
      },
      { file: "README.txt" },
      { file: "links.csv" },
      {
        file: "stock.csv",
        read: "not read: no title and no text among item, count (--item-text names columns)",
      },
    ]);
    expect(warnings).toMatchObject([{ message: 'no row about item "i30" of the interactions', count: 1 }]);
  });

  it("is read by the columns that options name", async () => {
    const table = "a,b,title,label,note\ni10,i20,X,Tea,green\ni20,i10,Y,Milk,white\ni30,i30,Z,Rice,\n";
    const itemColumns = { id: "b", title: "label", text: ["note"] };
    const { data } = await load({ "items.csv": table }, { itemColumns });
    expect(data.itemAttributes).toEqual([
      { title: "Milk", description: "white" },
      { title: "Tea", description: "green" },
      { title: "Rice" },
    ]);
    await expect(load({}, { itemColumns: { title: "caption" } })).rejects.toThrow(
      /no table of items with the columns .*"caption".*; expected columns of one of items\.csv \(\w+, /,
    );
  });

  it("without identifiers of the data is not read, with a warning", async () => {
    const { data, warnings } = await load({ "items.csv": "id,title\n1,A\n" });
    expect(data.itemNames).toBeUndefined();
    expect(warnings).toMatchObject([{ message: "not read: no column has identifiers of the items" }]);
  });

  it.each([
    ["zipped", Buffer.from("PK\u0003\u0004\u0014\u0000,title\n1,x\n")],
    ["with zeros", Buffer.from("item,ti\u0000tle\n1,x\n")],
  ])("that is no text but %s is refused with a sentence", async (_, content) => {
    await expect(load({ "items.csv": content })).rejects.toThrow(
      /items\.csv: is no text, or a compressed one; expected a text with a header/,
    );
  });

  it("of many columns is recorded by the first of them", async () => {
    const names = Array.from({ length: 40 }, (_, nth) => `c${nth}`);
    const lines = ["i10", "i20", "i30"].map((id, row) =>
      [id, `Title ${row}`, ...names.map(() => row)].join(),
    );
    const { files } = await load({
      "items.csv": [["id", "title", ...names].join(), ...lines, ""].join("\n"),
    });
    expect(files.find(({ file }) => file === "items.csv")?.read).toMatch(
      /^3 of 3 items: id \(identifier\), title \(name\), c0 \(filter\), .*c17 \(filter\) and 22 more$/,
    );
  });

  it("with a line of too many fields is refused, or the line is left out", async () => {
    const table = { "items.csv": "id,title\ni10,Tea, green\ni20,Milk\ni30,Rice\n" };
    await expect(load(table)).rejects.toThrow(/items\.csv, line 2: 3 fields; expected 2, as in the header/);
    const { data, files } = await load(table, { onInvalidLine: "skip" });
    expect(data.itemNames).toEqual(["", "Milk", "Rice"]);
    expect(files.find(({ file }) => file === "items.csv")?.leftOut).toBe("1 invalid line");
  });

  it("yields to files of names and attributes", async () => {
    const { data } = await load({
      "items.csv": "id,title\ni10,Tea\ni20,Milk\ni30,Rice\n",
      "item_names.json": '["a", "b", "c"]',
      "item_attributes.json": '[{"id": "i10", "title": "TEA"}]',
    });
    expect(data.itemNames).toEqual(["a", "b", "c"]);
    expect(data.itemAttributes).toEqual([{ title: "TEA" }, {}, {}]);
  });
});

describe("a table of users", () => {
  const table = { "users.csv": "id,age,bio,job\n8,40,Cooks.,baker\n7,30,,smith\n9,20,Reads.,\n" };

  it("is read for its texts, and for traits only if they are named", async () => {
    const { data, files } = await load(table);
    expect(data.userTexts).toEqual(["", "Cooks.", "Reads."]);
    expect(files.find(({ file }) => file === "users.csv")).toEqual({
      file: "users.csv",
      holds: "users",
      read: "3 of 3 users: id (identifier), bio",
      leftOut: "columns age, job",
    });
    const named = await load(table, { userColumns: { text: ["bio", "job"] } });
    expect(named.data.userTexts).toEqual(["job: smith", "Cooks. job: baker", "Reads."]);
  });

  it("without texts is not read", async () => {
    const { data, files } = await load({ "shop.user": "user_id:token\tage:float\n7\t30\n" });
    expect(data.userTexts).toBeUndefined();
    expect(files.find(({ file }) => file === "shop.user")?.read).toMatch(
      /no text among user_id, age \(--user-text/,
    );
  });
});
