export { hasPage, type PageOptions, writePage } from "./write-page";
