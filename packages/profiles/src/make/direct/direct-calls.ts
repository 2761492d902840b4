import type { ProfileMaker } from "../profile-maker";
import { type AskOptions, askForProfile } from "./ask-for-profile";

/** Makes profiles by calls of a model from this process. */
export function directCalls(options: AskOptions): ProfileMaker {
  return {
    make: (request) => askForProfile(request, options),
    // The caller has the only copy.
    forget: () => Promise.resolve(),
  };
}
