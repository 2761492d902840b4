export { type MultVaeOptions, multVae } from "./mult-vae";
