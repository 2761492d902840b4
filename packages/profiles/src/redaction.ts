/** Keys of the usual services, by how they begin. */
const keyPattern = /\b(?:(?:sk|pk|rk|gsk|xai|hf|r8)[-_]|AIza)[\w-]{16,}/g;
const namedPatterns = [
  /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi,
  /(\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
  /([?&](?:key|token|sig|signature)=)[^\s&"']+/gi,
  /((?:api[-_]?key|access[-_]?token|authorization|secret|password)["'\s:=]+)[^\s"',;&}]{6,}/gi,
];
const shortestSecret = 8;

const secretNames = /(_|^)(api_?key|key|token|secret|password)$/i;

/** The values of the environment's variables that are named like secrets. */
const environmentSecrets = () =>
  Object.entries(process.env).flatMap(([name, value]) =>
    secretNames.test(name) && value && value.length >= shortestSecret ? [value] : [],
  );

/** A model's text without keys: those of the environment, those given, and what looks like one of the usual services'. */
export function withoutKeys(text: string, secrets: readonly string[] = []): string {
  const known = [...secrets, ...environmentSecrets()].filter((secret) => secret !== "");
  return known
    .reduce((rest, secret) => rest.replaceAll(secret, redacted), text)
    .replace(keyPattern, redacted);
}

/** A service's message {@link withoutKeys}, and without what it names as a key: services quote wrong keys in their errors. */
export function redact(message: string, secrets: readonly string[] = []): string {
  return namedPatterns.reduce(
    (rest, pattern) => rest.replace(pattern, (_, name: string) => `${name.trimEnd()} ${redacted}`),
    withoutKeys(message, secrets),
  );
}

const redacted = "[redacted]";
