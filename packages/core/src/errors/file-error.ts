import { DMRecError, hasErrorCode } from "./dmrec-error";

/** A checkpoint, file of weights, exported model or other file that cannot be read, written or used. */
export class FileError extends DMRecError {
  readonly file: string;

  constructor(file: string, message: string, options?: ErrorOptions) {
    super("file", `${file}: ${message}`, options);
    this.name = "FileError";
    this.file = file;
  }

  static override isInstance(value: unknown): value is FileError {
    return hasErrorCode(value, "file");
  }
}
