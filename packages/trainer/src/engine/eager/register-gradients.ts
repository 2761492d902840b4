// The Node build of tfjs-core holds the gradients' definitions and registers none; this module is bundled.
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
