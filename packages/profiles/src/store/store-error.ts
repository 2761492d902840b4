import { DMRecError, hasErrorCode } from "@dmrec/core";

/** A store that cannot be read or written: truncated, damaged, of another version, or on a full disk. */
export class StoreError extends DMRecError {
  readonly folder: string;

  constructor(folder: string, message: string, options?: ErrorOptions) {
    super("store", `The profile store ${folder} ${message}`, options);
    this.name = "StoreError";
    this.folder = folder;
  }

  static override isInstance(value: unknown): value is StoreError {
    return hasErrorCode(value, "store");
  }
}
