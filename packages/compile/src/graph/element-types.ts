import type { ElementType } from "./graph";

/** The codes of the element types in ONNX. */
export const onnxTypes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** The tfjs type of an element type that traces have. */
export function tfjsType(type: ElementType): "float32" | "int32" | "bool" {
  if (type === "bool") return type;
  return type === "int32" || type === "int64" ? "int32" : "float32";
}

/** The element type of a tfjs type. */
export function elementType(dtype: string | undefined): ElementType {
  if (dtype === "int32" || dtype === "bool") return dtype;
  return "float32";
}
