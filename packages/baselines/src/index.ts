export { type AlphaRecOptions, alphaRec } from "./alpha-rec";
export { type EaseROptions, easeR } from "./ease-r";
export { type ItemKnnOptions, itemKnn } from "./item-knn";
export { type GraphModelOptions, type LightGcnOptions, lightGcn } from "./light-gcn";
export { type MatrixFactorizationOptions, matrixFactorization } from "./matrix-factorization";
export { popularity } from "./popularity";
export { type ProExOptions, proEx } from "./pro-ex";
export { type RlmRecContrastiveOptions, rlmRecContrastive } from "./rlmrec-contrastive";
export { type RlmRecGenerativeOptions, rlmRecGenerative } from "./rlmrec-generative";
