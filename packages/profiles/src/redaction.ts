const patterns = [
  /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi,
  /\b(?:(?:sk|pk|rk|gsk|xai|hf|r8)[-_]|AIza)[\w-]{16,}/g,
  /((?:api[-_]?key|access[-_]?token|authorization|secret|password)["'\s:=]+)[^\s"',;&}]{6,}/gi,
];

const secretNames = /(_|^)(api_?key|key|token|secret|password)$/i;

/** The values of the environment's variables that are named like secrets. */
const environmentSecrets = () =>
  Object.entries(process.env).flatMap(([name, value]) =>
    secretNames.test(name) && value && value.length >= 6 ? [value] : [],
  );

/**
 * A text of a service without keys and tokens: those of the environment, those given, and what looks like one. Services
 * quote wrong keys in their errors.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = [...secrets, ...environmentSecrets()].filter((secret) => secret !== "");
  const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
  return patterns.reduce(
    (rest, pattern) =>
      rest.replace(pattern, (_, kept: unknown) =>
        typeof kept === "string" && kept !== "" ? `${kept.trimEnd()} [redacted]` : "[redacted]",
      ),
    withoutKnown,
  );
}
