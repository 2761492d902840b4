import { DMRecError, hasErrorCode } from "./dmrec-error";

/** A request that is valid but that this model, engine, platform or installation cannot fulfil. */
export class UnsupportedError extends DMRecError {
  constructor(message: string, options?: ErrorOptions) {
    super("unsupported", message, options);
    this.name = "UnsupportedError";
  }

  static override isInstance(value: unknown): value is UnsupportedError {
    return hasErrorCode(value, "unsupported");
  }
}
