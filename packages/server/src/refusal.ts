import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A request that is not answered, with the HTTP status and a sentence for the client. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: ContentfulStatusCode;

  constructor(status: ContentfulStatusCode, message: string) {
    super(message);
    this.status = status;
  }
}
