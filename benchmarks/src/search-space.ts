/**
 * The values to try by base model, within what the papers describe: the KL's weight and annealing, dropout, widths, rates and
 * input scaling (Liang et al. 2018; Zhang et al. 2023 and 2025), and for L-DiffRec the ranges of its own search (Wang et al.
 * 2023, section 4.1.3). The names are those of `dmrec search`.
 */
export const searchSpace: Readonly<Record<string, Readonly<Record<string, readonly (number | string)[]>>>> = {
  "mult-vae": {
    klWeight: [0.2, 0.5, 0.8, 1],
    dropout: [0.3, 0.4, 0.5, 0.6],
    inputScaling: ["none", "unit-length"],
    annealingSteps: [0, 500, 2000],
    latentDimension: [100, 200, 300],
    learningRate: [5e-4, 1e-3],
  },
  cvga: {
    learningRate: [1e-3, 5e-3, 1e-2],
    dropout: [0, 0.1, 0.3],
    klWeight: [0.5, 1],
    latentDimension: [64, 128],
  },
  "l-diffrec": {
    learningRate: [5e-4, 1e-3],
    "denoiser.learningRate": [1e-4, 5e-4, 1e-3],
    diffusionWeight: [0.01, 0.03, 0.05, 0.1],
    klWeight: [0.1, 0.3, 0.5, 1],
    dropout: [0.1, 0.3, 0.5],
    denoiserDropout: [0.2, 0.5],
    clusters: [1, 2, 3],
    noiseScale: [0.1, 0.5, 1],
    batchSize: [400, 1024],
  },
};
