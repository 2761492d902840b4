export { type MatrixFactorizationOptions, matrixFactorization } from "./matrix-factorization";
export { popularity } from "./popularity";
