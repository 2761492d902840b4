// The thread of a model: it loads the model that its parent sends, and runs it. Each message has the number of its call.
import { parentPort } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

let session;

const calls = {
  async create({ model, options }) {
    session = await InferenceSession.create(model, options);
    const { inputNames, outputNames, inputMetadata, outputMetadata } = session;
    return { description: { inputNames, outputNames, inputMetadata, outputMetadata } };
  },
  async run({ feeds, fetches }) {
    const tensors = feeds.map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]);
    const results = await session.run(Object.fromEntries(tensors), fetches);
    const outputs = Object.entries(results).map(([name, { type, data, dims }]) => [
      name,
      { type, data, dims },
    ]);
    return { outputs };
  },
  async release() {
    await session?.release();
    return {};
  },
};

parentPort.on("message", async ({ number, kind, ...options }) => {
  try {
    parentPort.postMessage({ number, kind, ...(await calls[kind](options)) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    parentPort.postMessage({ number, kind: "failure", reason });
  }
});
