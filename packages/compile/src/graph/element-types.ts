import type { ElementType } from "./graph";

/** The codes of the element types in ONNX. */
export const onnxTypes: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** The element type of a tfjs type. */
export function elementType(dtype: string | undefined): ElementType {
  if (dtype === "int32" || dtype === "bool") return dtype;
  return "float32";
}
