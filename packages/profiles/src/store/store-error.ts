import { DMRecError } from "@dmrec/core";

/** A store that cannot be read or written: damaged, of another version, or on a full disk. */
export class StoreError extends DMRecError {
  readonly folder: string;

  constructor(folder: string, message: string, options?: ErrorOptions) {
    super("store", `The profile store ${folder} ${message}`, options);
    this.name = "StoreError";
    this.folder = folder;
  }
}
