import { InvalidDataError, InvalidOptionsError, type OptionIssue, UnsupportedError } from "@dmrec/core";
import { HTTPException } from "hono/http-exception";
import { Refusal } from "./refusal";

/** The refusal of an error. What a client cannot know of is reported to `onError`. */
export function refusalOf(error: unknown, onError: (error: unknown) => void = () => {}): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof HTTPException) {
    if (error.status === 415) return new Refusal(415, "expected the header Content-Type: application/json");
    if (error.status === 400) return new Refusal(400, "the body is no JSON");
    return new Refusal(error.status, error.message);
  }
  if (InvalidOptionsError.isInstance(error)) return new Refusal(422, sentence(error.issues));
  if (InvalidDataError.isInstance(error) || UnsupportedError.isInstance(error))
    return new Refusal(422, error.message);
  onError(error);
  return new Refusal(500, "the service failed; its log says why");
}

/** Puts the place of a request among others, such as `requests.3`, before what is wrong with it. */
export async function withPlace<Result>(place: string, answered: Promise<Result>): Promise<Result> {
  return answered.catch((cause: unknown) => {
    const refusal = refusalOf(cause);
    if (refusal.status >= 500) throw cause;
    throw new Refusal(refusal.status, `${place}: ${refusal.message}`);
  });
}

/** The refusal of a body whose form is wrong. */
export function malformed(issues: readonly OptionIssue[]): Refusal {
  return new Refusal(400, sentence(issues));
}

/** The first problems of a request in one sentence. */
function sentence(issues: readonly OptionIssue[]): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
    .join("; ");
}
