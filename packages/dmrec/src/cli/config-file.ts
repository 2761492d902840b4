import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { causeMessage, FileError, InvalidOptionsError } from "@dmrec/core";
import { type Command, InvalidArgumentError, type Option } from "commander";
import { closest, distance } from "fastest-levenshtein";
import { defineConfig } from "../config";
import { isRepeatable } from "./option-parsers";

/** The names of a configuration file, the first of which is read. */
const fileNames = ["ts", "mts", "js", "mjs", "json"].map((end) => `dmrec.config.${end}`);

/** Options that no configuration sets. */
const notConfigured = ["help", "helpAll"];

/**
 * Gives a command the values that the configuration file has for it. Flags on the command line win over the file.
 *
 * @param file The file, if it is not one of the usual names in the working directory.
 * @param args The command line.
 * @throws FileError if the file cannot be read.
 * @throws InvalidOptionsError naming a command, a property or a value that is not one.
 */
export async function applyConfigFile(
  command: Command,
  { file, args }: { readonly file: string | undefined; readonly args: readonly string[] },
): Promise<void> {
  const path = file ?? fileNames.find((name) => existsSync(name));
  if (path === undefined) return;
  const commands = (command.parent?.commands ?? []).map((each) => each.name());
  const config = asObject(await readConfig(path), path, "the whole");
  for (const name of Object.keys(config)) assertKnown(name, commands, `${path}, ${name}: no such command`);
  const name = command.name();
  if (config[name] === undefined) return;
  const options = command.options.filter((option) => !notConfigured.includes(option.attributeName()));
  const properties = options.map((option) => option.attributeName());
  for (const [property, value] of Object.entries(asObject(config[name], path, name))) {
    const place = `${path}, ${name}.${property}`;
    assertKnown(property, properties, `${place}: no such flag of dmrec ${name}`);
    const option = options.find((each) => each.attributeName() === property);
    if (option === undefined || value === undefined || isGiven(option, args)) continue;
    command.setOptionValueWithSource(property, flagValue(option, value, place), "config");
  }
}

async function readConfig(file: string): Promise<unknown> {
  if (!existsSync(file)) throw new FileError(file, "is not there; name a configuration file with --config");
  try {
    const { createJiti } = await import("jiti");
    // The file may import defineConfig, wherever dmrec is installed.
    const jiti = createJiti(resolve("dmrec.config"), {
      virtualModules: { dmrec: { defineConfig } },
      fsCache: false,
    });
    return await jiti.import(resolve(file), { default: true });
  } catch (cause) {
    const message = `cannot be read (${causeMessage(cause).split("\n")[0]})`;
    throw new FileError(
      file,
      `${message}; expected export default defineConfig({ train: { … } }), or JSON of the same form`,
      { cause },
    );
  }
}

/** The value of a flag, as its own parser makes it from the command line. */
function flagValue(option: Option, value: unknown, place: string): unknown {
  const isSwitch = option.isBoolean() || option.negate;
  if (isSwitch) {
    if (typeof value === "boolean") return value;
    throw wrongValue(place, `${JSON.stringify(value)}; expected true or false`);
  }
  const texts = textsOf(value, place);
  const parts = isRepeatable(option.parseArg) ? texts : [texts.join(",")];
  try {
    return parts.reduce<unknown>(
      (before, text) => (option.parseArg ? option.parseArg(text, before) : text),
      undefined,
    );
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw wrongValue(place, `${JSON.stringify(value)}; ${error.message.replace(/\.$/, "")}`);
  }
}

/** A value as texts of the command line: a list as its entries, an object as `name=value`. */
function textsOf(value: unknown, place: string): readonly string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap((entry) => textsOf(entry, place));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).map(([name, entry]) => `${name}=${entry}`);
  throw wrongValue(place, `${JSON.stringify(value)}; expected a text, a number or a list of them`);
}

/** True if the command line has an option, which wins. */
function isGiven({ long, short }: Option, args: readonly string[]): boolean {
  const names = [long, short].filter((name) => name !== undefined);
  return args.some((arg) => names.some((name) => arg === name || arg.startsWith(`${name}=`)));
}

function assertKnown(name: string, known: readonly string[], message: string): void {
  if (known.includes(name)) return;
  const near = closest(name, [...known]);
  const hint = distance(name, near) <= Math.max(2, name.length / 2) ? `; did you mean ${near}?` : "";
  throw new InvalidOptionsError("dmrec", [
    { path: "", message: `${message}${hint || `; expected one of ${known.join(", ")}`}` },
  ]);
}

function asObject(value: unknown, file: string, location: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw wrongValue(
    `${file}, ${location}`,
    `${JSON.stringify(value)}; expected an object, such as { train: { epochs: 50 } }`,
  );
}

function wrongValue(place: string, message: string): InvalidOptionsError {
  return new InvalidOptionsError("dmrec", [{ path: place, message }]);
}
