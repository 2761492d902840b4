export { type FileContent, replaceFile } from "./replace-file";
