import { expect, it } from "vitest";
import { commandToServe } from "./command-to-serve";

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
