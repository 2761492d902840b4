import type { ProfileMaker } from "../profile-maker";
import type { ProfileQueue, QueueAskOptions } from "./profile-queue";

/** Has the workers of a queue make profiles. */
export function queuedCalls(queue: ProfileQueue, options: QueueAskOptions): ProfileMaker {
  return {
    // The workers have the schema.
    make: (request) => queue.ask(request, options),
    forget: (key) => queue.forget(key),
  };
}
