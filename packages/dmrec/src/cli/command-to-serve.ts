/** A word that shells take literally without quotes. */
const plainWord = /^[\w@%+=:,./-]+$/;

/**
 * Returns the command that does the same and then serves the page, as a user types it.
 *
 * @param args The words of the command line, starting with the name of the command.
 * @param script The script of npm that runs the command, if one does.
 * @example
 * commandToServe(["compare", "--data", "my films"], "start"); // "npm start -- --data 'my films' --serve"
 */
export function commandToServe(args: readonly string[], script: string | undefined): string {
  const [command, ...flags] = args;
  const given = [...flags.filter((flag) => flag !== "--fresh" && flag !== "--json"), "--serve"].map(quoted);
  return [script === "start" ? "npm start --" : `npx dmrec ${command}`, ...given].join(" ");
}

function quoted(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
