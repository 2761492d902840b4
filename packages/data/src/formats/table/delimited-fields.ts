/**
 * The fields of one line of a delimited table, quoted by RFC 4180. Undefined if a quote is left open.
 */
export function delimitedFields(line: string, delimiter: string): string[] | undefined {
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    if (line[position] === '"') {
      let field = "";
      let start = position + 1;
      for (;;) {
        const quote = line.indexOf('"', start);
        if (quote < 0) return undefined;
        field += line.slice(start, quote);
        position = quote + 1;
        if (line[position] !== '"') break;
        field += '"';
        start = position + 1;
      }
      const end = indexOrEnd(line, delimiter, position);
      fields.push(field + line.slice(position, end));
      position = end;
    } else {
      const end = indexOrEnd(line, delimiter, position);
      fields.push(line.slice(position, end));
      position = end;
    }
    if (position >= line.length) return fields;
    position += delimiter.length;
    if (position === line.length) return [...fields, ""];
  }
}

function indexOrEnd(line: string, delimiter: string, from: number): number {
  const index = line.indexOf(delimiter, from);
  return index < 0 ? line.length : index;
}
