/** The keys of common services, by their prefix. */
const keyPattern = /\b(?:(?:sk|pk|rk|gsk|xai|hf|r8)[-_]|AIza)[\w-]{16,}/g;
const namedPatterns = [
  /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi,
  /(\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
  /([?&](?:key|token|sig|signature)=)[^\s&"']+/gi,
  /((?:api[-_]?key|access[-_]?token|authorization|secret|password)["'\s:=]+)[^\s"',;&}]{6,}/gi,
];
const shortestSecret = 8;

const secretNames = /(_|^)(api_?key|key|token|secret|password)$/i;

/** The values of environment variables with the name of a secret. */
const environmentSecrets = () =>
  Object.entries(process.env).flatMap(([name, value]) =>
    secretNames.test(name) && value && value.length >= shortestSecret ? [value] : [],
  );

/** Removes keys from a text of a model: those of the environment, `secrets`, and the pattern of common services. */
export function withoutKeys(text: string, secrets: readonly string[] = []): string {
  const values = [...secrets, ...environmentSecrets()].filter((secret) => secret !== "");
  return values
    .reduce((rest, secret) => rest.replaceAll(secret, redacted), text)
    .replace(keyPattern, redacted);
}

/** Removes keys from a message of a service, also what it calls a key: services quote wrong keys in their errors. */
export function redact(message: string, secrets: readonly string[] = []): string {
  return namedPatterns.reduce(
    (rest, pattern) => rest.replace(pattern, (_, name: string) => `${name.trimEnd()} ${redacted}`),
    withoutKeys(message, secrets),
  );
}

const redacted = "[redacted]";
