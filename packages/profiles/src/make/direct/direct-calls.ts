import type { ProfileMaker } from "../profile-maker";
import { type AskOptions, askForProfile } from "./ask-for-profile";

/** Makes profiles by calls of a model from this process. */
export function directCalls(options: Omit<AskOptions, "schema">): ProfileMaker {
  return {
    make: (request, schema) => askForProfile(request, { ...options, schema }),
    // The caller has the only copy.
    forget: () => Promise.resolve(),
  };
}
