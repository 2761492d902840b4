import type { LanguageModel } from "ai";
import { redact } from "../redaction";

/**
 * Wraps a model so that each warning of its provider is reported once, without keys, instead of printed with every call. A
 * model that is given by its name stays as it is.
 */
export async function sanitizedModel(
  model: LanguageModel,
  onWarning: (message: string) => void,
  secrets: readonly string[],
): Promise<LanguageModel> {
  if (typeof model === "string" || model.specificationVersion !== "v3") return model;
  const { wrapLanguageModel } = await import("ai");
  const reported = new Set<string>();
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: "v3",
      async wrapGenerate({ doGenerate }) {
        const result = await doGenerate();
        for (const warning of result.warnings) {
          const message = redact(
            "details" in warning && warning.details ? warning.details : JSON.stringify(warning),
            secrets,
          );
          if (reported.has(message)) continue;
          reported.add(message);
          onWarning(`${model.provider}/${model.modelId}: ${message}`);
        }
        return { ...result, warnings: [] };
      },
    },
  });
}
