import { Command } from "commander";
import { expect, it } from "vitest";
import { defaultZoo } from "../zoo/default-zoo";
import { commandToServe } from "./command-to-serve";
import { compareCommand } from "./compare-flags";

it("is the command that was typed, as it was started", () => {
  const args = ["compare", "--data", "data/films", "--epochs=3", "--fresh", "--json"];
  expect(commandToServe(args, undefined)).toBe("npx dmrec compare --data data/films --epochs=3 --serve");
  expect(commandToServe(args, "start")).toBe("npm start -- --data data/films --epochs=3 --serve");
  expect(commandToServe(["compare"], "start")).toBe("npm start -- --serve");
});

it("keeps words together that a shell would take apart", () => {
  expect(commandToServe(["compare", "--text", "it's $5"], "start")).toBe(
    "npm start -- --text 'it'\\''s $5' --serve",
  );
});

it.each([
  ["--config", "films.json", "compare", "--data", "films"],
  ["compare", "--config", "films.json", "--data", "films"],
  ["compare", "--data", "films", "--config=films.json"],
])("keeps the configuration file of %s %s %s %s", async (...words) => {
  let args: readonly string[] = [];
  const command = compareCommand(defaultZoo, async (_, typed) => {
    args = typed.args;
  });
  const program = new Command().option("--config <file>").addCommand(command);
  await program.parseAsync(words, { from: "user" });
  expect(commandToServe(args, undefined)).toBe("npx dmrec compare --data films --config films.json --serve");
});
