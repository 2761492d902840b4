import { DMRecError, hasErrorCode } from "./dmrec-error";

/** A failure within a library or service that this project runs on, such as ONNX Runtime or Redis. */
export class RuntimeError extends DMRecError {
  constructor(message: string, options?: ErrorOptions) {
    super("runtime", message, options);
    this.name = "RuntimeError";
  }

  static override isInstance(value: unknown): value is RuntimeError {
    return hasErrorCode(value, "runtime");
  }
}
