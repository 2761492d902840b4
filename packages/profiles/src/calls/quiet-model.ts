import { type LanguageModel, wrapLanguageModel } from "ai";
import { redact } from "../redaction";

/**
 * A model whose provider's warnings are told once each instead of printed with every call. A model that is given by name
 * alone stays as it is.
 */
export function quietModel(
  model: LanguageModel,
  onWarning: (message: string) => void,
  secrets: readonly string[],
): LanguageModel {
  if (typeof model === "string" || model.specificationVersion !== "v3") return model;
  const told = new Set<string>();
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
          if (told.has(message)) continue;
          told.add(message);
          onWarning(`${model.provider}/${model.modelId}: ${message}`);
        }
        return { ...result, warnings: [] };
      },
    },
  });
}
