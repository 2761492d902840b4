export { Html, type HtmlValue, html } from "./html";
export { figure, type Page, page, type Section, type Tile } from "./page";
export { type PlotSpec, plot } from "./plot";
export { seriesColours } from "./style";
export { type Table, table } from "./table";
