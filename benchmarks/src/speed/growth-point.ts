// Measures a few steps of the base model on data of one size and sends the result to the parent process.

import type { GrowthSize } from "./growth";
import { generatedData } from "./speed-data";
import { peakMemoryMb } from "./statistics";
import { stepTimes } from "./step-times";

const size: GrowthSize = JSON.parse(process.argv[2]);
const { stepMs } = await stepTimes({
  model: { base: "mult-vae", model: "base" },
  data: generatedData(size),
  ownOptions: size.softmaxSamples > 0 ? { softmaxSamples: size.softmaxSamples } : {},
  epochs: 1,
  steps: size.steps,
  floor: async () => 0,
});
process.send?.({ stepMs, peakMemoryMb: peakMemoryMb() });
