import { DMRecError } from "./error";

/** A checkpoint or file of weights that cannot be read, written or used here. */
export class CheckpointError extends DMRecError {
  readonly file: string;

  constructor(file: string, message: string, options?: ErrorOptions) {
    super("checkpoint", `${file}: ${message}`, options);
    this.name = "CheckpointError";
    this.file = file;
  }
}
