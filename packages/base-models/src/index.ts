export { type CvgaOptions, cvga } from "./cvga/cvga";
export { type LDiffRecOptions, lDiffRec } from "./l-diffrec/l-diff-rec";
export { type MultVaeOptions, multVae } from "./mult-vae";
