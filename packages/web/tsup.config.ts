import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

// The folder of the built page is found beside this code, in both formats.
export default defineConfig({ ...library, shims: true });
