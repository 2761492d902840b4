export { type CvgaOptions, cvga } from "./cvga";
export { type MultVaeOptions, multVae } from "./mult-vae";
