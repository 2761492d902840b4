export { type CvgaOptions, cvga } from "./cvga";
export { type LDiffRecOptions, lDiffRec } from "./latent-diffusion/l-diff-rec";
export { type MultVaeOptions, multVae } from "./mult-vae";
