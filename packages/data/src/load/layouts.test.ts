import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeDataset } from "../dataset/describe-dataset";
import type { DataWarning } from "./data-warning";
import { loadFolder } from "./load-folder";
import type { LoadDatasetOptions } from "./load-options";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-layouts-"));
});
afterEach(() => rm(folder, { recursive: true }));

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes files, compressed if their names end in `.gz`, and loads them. */
async function load(files: Files, options: LoadDatasetOptions = {}) {
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), name.endsWith(".gz") ? gzipSync(content) : content);
  const warnings: DataWarning[] = [];
  const onWarning = (_: string, warning: DataWarning) => warnings.push(warning);
  const loaded = await loadFolder(folder, { split: { ratio: [1, 0, 0] }, onWarning, ...options });
  return { ...loaded, warnings };
}

interface Event {
  readonly user: number;
  readonly item: number;
}

/** Each of four users has three of five items. */
const events: readonly Event[] = Array.from({ length: 12 }, (_, index) => ({
  user: Math.floor(index / 3),
  item: (Math.floor(index / 3) + (index % 3)) % 5,
}));
const items = [0, 1, 2, 3, 4];
const lines = (rows: readonly string[]) => rows.map((row) => `${row}\n`).join("");
const eventLines = (row: (event: Event) => string) => lines(events.map(row));
const json = (rows: readonly object[]) => lines(rows.map((row) => JSON.stringify(row)));

const yelpReview = ({ user, item }: Event) => ({
  review_id: "r",
  user_id: `u${user}`,
  business_id: `b${item}`,
  stars: 4,
  text: "Fine.",
  date: "2018-07-07 22:09:11",
});

const layouts: readonly (readonly [string, Files, LoadDatasetOptions?])[] = [
  [
    "Amazon reviews of 2014, whose products are Python's dictionaries",
    {
      "reviews_Books_5.json.gz": json(
        events.map(({ user, item }) => ({
          reviewerID: `A${user}`,
          asin: `B${item}`,
          overall: 5,
          unixReviewTime: user,
        })),
      ),
      "meta_Books.json.gz": lines(
        items.map(
          (item) => `{'asin': 'B${item}', 'title': "It's ${item}", 'categories': [['Books', 'Art']]}`,
        ),
      ),
    },
  ],
  [
    "Yelp",
    {
      "yelp_academic_dataset_review.json": json(events.map(yelpReview)),
      "yelp_academic_dataset_tip.json": json(
        events.slice(3).map(({ user, item }) => ({ user_id: `u${user}`, business_id: `b${item}` })),
      ),
      "yelp_academic_dataset_user.json": json([0, 1].map((user) => ({ user_id: `u${user}`, name: "Ann" }))),
      "yelp_academic_dataset_business.json": json(
        items.map((item) => ({ business_id: `b${item}`, name: `It's ${item}`, categories: "Books, Art" })),
      ),
    },
  ],
  [
    "Goodreads, whose books have other identifiers",
    {
      "goodreads_interactions.csv": `user_id,book_id,is_read\n${eventLines(({ user, item }) => `${user},${item},1`)}`,
      "book_id_map.csv": `book_id_csv,book_id\n${lines(items.map((item) => `${item},${100 * item + 3}`))}`,
      "goodreads_books.json.gz": json([
        // The identifier of another book among the interactions.
        { book_id: "4", title: "Another" },
        ...items.map((item) => ({
          book_id: `${100 * item + 3}`,
          title: `It&#039;s ${item}`,
          genres: [{ name: "Books" }, { name: "Art" }],
        })),
      ]),
    },
  ],
  [
    "Steam, some of whose reviews have another identifier of the user",
    {
      "steam_reviews.json.gz": eventLines(
        ({ user, item }) =>
          `{'username': "u'${user}", 'product_id': '${item}', 'early_access': False${user > 1 ? ", u'user_id': u'7'" : ""}}`,
      ),
      "steam_games.json.gz": lines(
        items.map((item) => `{u'id': u'${item}', u'title': u'It\\'s ${item}', u'tags': [u'Books', u'Art']}`),
      ),
    },
  ],
  [
    "Steam's users with a list of games each",
    {
      "australian_users_items.json": lines(
        [0, 1, 2, 3].map((user) => {
          const games = events
            .filter((event) => event.user === user)
            .map(({ item }) => `{'item_id': '${item}', 'item_name': "It's ${item}"}`);
          return `{'user_id': '${user}', 'items_count': 3, 'items': [${games.join(", ")}]}`;
        }),
      ),
    },
  ],
  [
    "BookCrossing, with quotes after backslashes",
    {
      "BX-Book-Ratings.csv": `"User-ID";"ISBN";"Book-Rating"\n${eventLines(({ user, item }) => `"${user}";"${item}";"0"`)}`,
      "BX-Books.csv": `"ISBN";"Book-Title";"genres"\n${lines(
        items.map((item) =>
          item === 0 ? '"0";"A \\"b\\"; c";"Books|Art"' : `"${item}";"It's ${item}";"Books|Art"`,
        ),
      )}`,
    },
  ],
  [
    "RecBole, with lists between commas",
    {
      "yelp.inter": `user_id:token\titem_id:token\n${eventLines(({ user, item }) => `${user}\t${item}`)}`,
      "yelp.item": `item_id:token\tname:token_seq\tcategories:token_seq\n${lines(items.map((item) => `${item}\tIt's ${item}\t'Books', 'Art'`))}`,
    },
  ],
  [
    "Last.fm 360K, by numbers of columns",
    {
      "usersha1-artmbid-artname-plays.tsv": eventLines(
        ({ user, item }) => `u${user}\tm${item}\tIt's ${item}\t7`,
      ),
      "usersha1-profile.tsv": "u0\tf\t22\tGermany\tFeb 1, 2007\n",
    },
    {
      interactions: "usersha1-artmbid-artname-plays.tsv",
      columns: { user: "1", item: "2" },
      itemColumns: { title: "3" },
    },
  ],
  [
    "films without a header, whose titles have commas",
    {
      "ratings.csv": `user_id,item_id\n${eventLines(({ user, item }) => `${user},${item}`)}`,
      "movie_titles.csv": lines(items.map((item) => `${item},2000,It's ${item}${item === 0 ? ", The" : ""}`)),
    },
    { itemColumns: { id: "1", title: "3" } },
  ],
  [
    "a table with the index of pandas, and whole numbers as decimals",
    {
      "interactions.csv": `,user_id,item_id\n${eventLines(({ user, item }) => `9,${user},${item}`)}`,
      "items.csv": `,item_id,title,genres\n${lines(items.map((item) => `${4 - item},${item}.0,It's ${item},Books|Art`))}`,
    },
  ],
  [
    "JSON with objects in objects",
    {
      "ratings.json": JSON.stringify(
        events.map(({ user, item }) => ({ user: { id: user }, item: { id: item, title: `It's ${item}` } })),
      ),
    },
  ],
];

const cases = layouts.map(([name, files, options = {}]) => ({ name, files, options }));

describe.each(cases)("$name", ({ files, options }) => {
  it("has its interactions, names and tags", async () => {
    const { data } = await load(files, options);
    expect(describeDataset(data)).toMatchObject({ users: 4, items: 5, train: 12 });
    const names = items.map(
      (item) => data.itemNames?.[data.itemIds.findIndex((id) => id.endsWith(String(item)))],
    );
    expect(names.slice(1)).toEqual(["It's 1", "It's 2", "It's 3", "It's 4"]);
    expect(["It's 0", "It's 0, The", 'A "b"; c']).toContain(names[0]);
    const described = data.itemAttributes?.[1].tags;
    if (described) expect(described).toEqual(["Books", "Art"]);
  });
});

describe("events without a header", () => {
  it.each([
    [
      "a space, with the ratings of Epinions",
      "ratings_data.txt",
      ({ user, item }: Event) => `${user} ${item + 1000} 4 `,
    ],
    ["a space, with half stars alone", "ratings.txt", ({ user, item }: Event) => `A${user} B${item} 3.5`],
    ["a space, with half stars", "ratings.txt", ({ user, item }: Event) => `${user} ${item} 3.5`],
    ["several tabs", "jester_ratings.dat", ({ user, item }: Event) => `${user}\t\t${item}\t\t-2.156`],
    ["commas", "ratings_Books.csv", ({ user, item }: Event) => `A${user},B${item},5.0,1300000000`],
  ] as const)("between %s are read, with a warning of their order", async (_, name, row) => {
    const { data, warnings } = await load({ [name]: eventLines(row), "trust.txt": "0 1 1\n1 2 1\n2 3 1\n" });
    expect(describeDataset(data)).toMatchObject({ users: 4, items: 5, train: 12 });
    expect(warnings[0].message).toMatch(
      /^has no header; its columns are taken for user_id 1, item_id 2, .*--user-column 2/,
    );
  });

  it("are read by the numbers of their columns", async () => {
    const content = eventLines(({ user, item }) => `B${item},A${user},5.0,1300000000`);
    const columns = { user: "2", item: "1", rating: "3", timestamp: "4" };
    const { data, warnings, files } = await load({ "Books.csv": content }, { columns });
    expect(data.userIds).toEqual(["A0", "A1", "A2", "A3"]);
    expect(files[0].read).toBe("12 events of 4 users and 5 items, with ratings and times");
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^has ratings from 5 to 5/),
    ]);
  });

  it("are told from a list of items, which may have as many words a line", async () => {
    const { files } = await load({ "train.txt": "0 1 2\n1 0 2\n2 0 1\n", "test.txt": "0 0\n1 1\n" });
    expect(files[0].read).toBe("6 interactions by index");
  });
});

describe("a split whose parts are named by the data", () => {
  const part = (from: number, to: number) =>
    lines(events.slice(from, to).map(({ user, item }) => `${user},${item}`));
  const header = "user_id,item_id\n";

  it("is found in RecBole's, NCF's and Amazon's form", async () => {
    const { files } = await load({
      "Books.train.csv": header + part(0, 8),
      "Books.valid.csv": header + part(8, 10),
      "Books.test.csv": header + part(10, 12),
    });
    expect(files.map(({ holds }) => holds)).toEqual(["training part", "validation part", "test part"]);
  });

  it("may be of NCF, whose test part has a line a user", async () => {
    const rating = (from: number, to: number) =>
      part(from, to).replaceAll(",", "\t").replaceAll("\n", "\t4\t9\n");
    const { data } = await load({
      "ml-1m.train.rating": rating(0, 8),
      "ml-1m.test.rating": rating(8, 12),
      "ml-1m.test.negative": "(0,1)\t2\t3\n",
    });
    expect(describeDataset(data)).toMatchObject({ users: 4, items: 5, test: 4 });
  });

  it("may be the shards of a Parquet file", async () => {
    const shard = (from: number, to: number) => {
      const column = (name: "user" | "item") => ({
        name: `${name}_id`,
        data: events.slice(from, to).map((event) => `${event[name]}`),
      });
      return new Uint8Array(parquetWriteBuffer({ columnData: [column("user"), column("item")] }));
    };
    const shards = {
      "train-00000-of-00002.parquet": shard(0, 5),
      "train-00001-of-00002.parquet": shard(5, 9),
      "test-00000-of-00001.parquet": shard(9, 12),
    };
    const { data, files } = await load(shards);
    expect(describeDataset(data)).toMatchObject({ users: 4, items: 5, test: 3 });
    expect(files[0].read).toMatch(/^9 events/);
    await rm(join(folder, "train-00001-of-00002.parquet"));
    await expect(load({})).rejects.toThrow(/no shard train-00001-of-00002\.parquet; expected all 2 shards/);
  });

  it("yields to the file that is named, if only one part is there", async () => {
    const files = { "train.csv": header + part(0, 12) };
    await expect(load(files)).rejects.toThrow(
      /only train\.csv .*; to split train\.csv itself, --interactions train\.csv/,
    );
    expect((await load(files, { interactions: "train.csv" })).data.train.items).toHaveLength(12);
  });
});

describe("a folder is read as if other files were not there", () => {
  const table = `user_id,item_id\n${eventLines(({ user, item }) => `${user},${item}`)}`;
  const texts = "query,document\na,b\n";

  it.each([
    ["settings in JSON", { "ratings.csv": table, "train.json": '{"rate": 1}', "events.json": "[]" }],
    ["settings in JSON alone", { "clicks.csv": table, "events.json": '{"a": 1}', "package.json": "{" }],
    ["texts to train on", { "data.csv": table, "queries_train.csv": texts, "queries_test.csv": texts }],
    ["parts of a usual table", { "ratings.csv": table, "a.train.csv": table, "a.test.csv": table }],
    [
      "triples of a graph",
      {
        "data.csv": table,
        "genres.csv": "id,genre\n1,a\n",
        "graph.txt": eventLines(({ user, item }) => `${user} 1 ${item}`),
      },
    ],
    [
      "items with the name of who added them",
      {
        "data.csv": table,
        "list.csv": `item_id,title,username\n${lines(items.map((item) => `${item},a,Ann`))}`,
      },
    ],
    [
      "an empty map",
      { "ratings.csv": table, "items.csv": "item_id,title\n1,a\n2,b\n3,c\n", "links.csv": "" },
    ],
  ] as const)("%s", async (_, files) => {
    const { data, files: read } = await load(files);
    expect(describeDataset(data)).toMatchObject({ users: 4, items: 5, train: 12 });
    expect(read[0].file).toBe(Object.keys(files)[0]);
    if ("list.csv" in files) expect(data.itemNames?.[0]).toBe("a");
  });
});

it("Identifiers such as 1.0 are those of names, attributes and lists that have them, too.", async () => {
  const { data } = await load({
    "ratings.csv": `user_id,item_id\n${eventLines(({ user, item }) => `${user}.0,${item}.0`)}`,
    "item_ids.json": JSON.stringify(items.map((item) => `${item}.0`)),
    "item_names.json": JSON.stringify(Object.fromEntries(items.map((item) => [`${item}.0`, `It's ${item}`]))),
    "item_attributes.jsonl": json(items.map((item) => ({ id: `${item}.0`, year: 2000 + item }))),
  });
  expect(data.itemIds).toEqual(["0", "1", "2", "3", "4"]);
  expect(data.itemNames?.[4]).toBe("It's 4");
  expect(data.itemAttributes?.[4].details).toEqual({ year: 2004 });
});

it("A title that is named is that of the items, even if reviews have one.", async () => {
  const review = ({ user, item }: Event) => ({ user_id: user, parent_asin: `B${item}`, title: "Great!" });
  const { data } = await load(
    {
      "Books.jsonl": json(events.map(review)),
      "meta_Books.jsonl": json(items.map((item) => ({ parent_asin: `B${item}`, title: `It's ${item}` }))),
    },
    { itemColumns: { title: "title" } },
  );
  expect(data.itemNames?.[0]).toBe("It's 0");
});

it("Items with lists of related items stay items.", async () => {
  const item = (id: number) => ({
    id: `${id}`,
    title: `It's ${id}`,
    username: "Ann",
    related: id === 0 ? [{ asin: "B" }] : [],
  });
  const { data } = await load({
    "ratings.csv": `user_id,item_id\n${eventLines(({ user, item }) => `${user},${item}`)}`,
    "items.jsonl": json(items.map(item)),
  });
  expect(data.itemNames?.[4]).toBe("It's 4");
});

it("Entities in titles become the characters that a text may have.", async () => {
  const title = "&#39;A&#x27; &amp;amp; &constructor; &#0; &#55296; &#1114112;";
  const { data } = await load({
    "ratings.csv": `user_id,item_id\n${eventLines(({ user, item }) => `${user},${item}`)}`,
    "items.csv": `item_id,title\n${lines(items.map((item) => `${item},${title}`))}`,
  });
  expect(data.itemNames?.[0]).toBe("'A' &amp; &constructor; &#0; &#55296; &#1114112;");
});

it("Words of RecBole stay between spaces if a word has a comma.", async () => {
  const { data } = await load({
    "a.inter": `user_id:token\titem_id:token\n${eventLines(({ user, item }) => `${user}\t${item}`)}`,
    "a.item": `item_id:token\tclass:token_seq\n${lines(items.map((item) => `${item}\tAction Sci-Fi,Fantasy`))}`,
  });
  expect(data.itemAttributes?.[0].tags).toEqual(["Action", "Sci-Fi,Fantasy"]);
});

describe("a folder whose interactions are not found is told what to type", () => {
  it.each([
    [
      "with columns that are not known",
      { "visits.tsv": "a\t2010-10-19T23:55:27Z\t30.2\t-97.8\t7\n", "friends.csv": "a,b\n" },
      /or their names: --interactions visits\.tsv --user-column NAME .*\(it begins with "a\\t2010-10-19T23:55:27Z\\t30.*"\)/,
    ],
    [
      "in a table named for items",
      { "movie_ratings.csv": "viewer,film\na,b\n" },
      /--interactions movie_ratings\.csv --user-column NAME .*\(it begins with "viewer,film"\)/,
    ],
    [
      "of Netflix",
      { "combined_data_1.txt": "1:\n5,3,2005-09-06\n" },
      /awk .*combined_data_\*\.txt\) > .*ratings\.csv; .*--item-title 3/,
    ],
    [
      "of MIND",
      {
        "behaviors.tsv": "1\tU1\t11/11/2019 9:05:58 AM\tN1 N2\tN3-1\n",
        "news.tsv": "N1\tnews\tworld\tA title\n",
      },
      /awk .*behaviors\.tsv\) > .*interactions\.csv; .*--item-title 4/,
    ],
  ] as const)("%s", (_, files, message) => expect(load(files)).rejects.toThrow(message));
});
