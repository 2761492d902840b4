import { defineConfig } from "tsup";
import { library } from "../../tsup.base";

export default defineConfig({
  ...library,
  // Gradients are not part of tfjs-core's Node build; they register with the one copy that a process has.
  noExternal: [/^@tensorflow\/tfjs-core\/dist\/register_all_gradients/],
});
