import "@fontsource-variable/bricolage-grotesque";
import "./styles/page.css";
import { render } from "preact";
import { App } from "./app";
import { Failure } from "./failure";
import { ModelWorker } from "./model/model-worker";
import { loadCatalogue } from "./state/catalogue";

const place = document.getElementById("page");
const folder = new URL(".", document.baseURI).href;

if (place) {
  const worker = new ModelWorker(folder);
  loadCatalogue(folder).then(
    (catalogue) => render(<App catalogue={catalogue} worker={worker} />, place),
    (error: unknown) =>
      render(<Failure message={error instanceof Error ? error.message : String(error)} />, place),
  );
}
