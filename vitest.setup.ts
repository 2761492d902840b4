import "@tensorflow/tfjs-backend-cpu";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";

// Else tfjs greets every test file.
enableProdMode();
// Test files share one tfjs: each starts on the same backend, whatever the file before has left.
await setBackend("cpu");
