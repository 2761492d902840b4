import ts from "typescript";

/** A passage that breaks a rule of CONTRIBUTING.md, section "English". */
export interface Finding {
  readonly line: number;
  readonly rule: string;
  readonly text: string;
  readonly advice: string;
}

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  readonly advice: string;
}

/** Words that read like a literal translation, with the plain ones. */
const wordRules: readonly Rule[] = [
  { name: "alone", pattern: /(?<!\b(?:trained|used|goes|sent) )\balone\b/i, advice: "only, or unmatched" },
  { name: "anew", pattern: /\banew\b/i, advice: "again" },
  { name: "told", pattern: /\b(?:un)?told\b|\btells\b/i, advice: "reported, passed, logs, names" },
  {
    name: "persons",
    pattern: /\b(?:somebody|nobody|whoever|everybody)\b/i,
    advice: "the user, the caller, no one",
  },
  { name: "be it", pattern: /\bbe it\b/i, advice: "whether" },
  { name: "in the place of", pattern: /\bin the place of\b/i, advice: "instead of" },
  { name: "of whom", pattern: /\bof (?:whom|which no)\b/i, advice: "a sentence of its own" },
  {
    name: "stands",
    pattern: /\b(?:stands|lies) (?:in|at|beside|there|where|between)\b/i,
    advice: "is, is stored",
  },
  { name: "throws where", pattern: /@throws [^.]*? where /, advice: "@throws … if" },
  {
    name: "where for if",
    pattern:
      /\b(?:[,;:]|[a-z]+) where (?:there (?:is|are)|it|they|a|an|no|one|none|nothing|this|that|what|you|the [a-z]+ (?:is|are|has|have|does|do|cannot)) /,
    advice: "if, when",
  },
  {
    name: "for as because",
    pattern:
      /, for (?:it|they|the|a|that|there|this|these|no)\b (?:\w+ ){0,4}(?:is|are|has|have|was|would|does|do|can)\b/,
    advice: "because",
  },
];

const openings = /^(?:Of|What|Who|Whom|Whose|Whether|That|How|So|Else|For|Where)\b/;

/** Findings in the comments of a TypeScript file. */
export function findInSource(source: string): Finding[] {
  return comments(source).flatMap(({ line, text, isDoc }) => [
    ...(isDoc && openings.test(text)
      ? [{ line, rule: "opening", text: firstLine(text), advice: "a noun phrase or a third-person verb" }]
      : []),
    ...findWords(text, line),
  ]);
}

/** Findings in the prose of a Markdown file; code is left out. */
export function findInMarkdown(source: string): Finding[] {
  let inCode = false;
  return source.split("\n").flatMap((text, index) => {
    if (text.startsWith("```")) inCode = !inCode;
    // Headings such as "Where to add what" are questions.
    return inCode || text.startsWith("#") ? [] : findWords(text, index + 1);
  });
}

function findWords(text: string, line: number): Finding[] {
  const prose = text.replace(/`[^`]*`/g, "`…`").replace(/"[^"]*"/g, '"…"');
  return wordRules.flatMap(({ name, pattern, advice }) => {
    const match = pattern.exec(prose);
    return match ? [{ line, rule: name, text: excerpt(prose, match.index), advice }] : [];
  });
}

/** The comments of a file with their first lines; lines of one block are joined. */
function comments(source: string): { line: number; text: string; isDoc: boolean }[] {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest);
  return [...withoutLiterals(file).matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)].map(({ 0: { length }, index }) => {
    const raw = source.slice(index, index + length);
    const text = raw
      .replace(/^\/\*\*?|\*\/$|^\/\//g, "")
      .split("\n")
      .map((part) => part.replace(/^\s*\*? ?/, ""))
      .join(" ")
      .trim();
    const { line } = file.getLineAndCharacterOfPosition(index);
    return { line: line + 1, text, isDoc: raw.startsWith("/**") };
  });
}

/** The text of a file with a space for every character of its strings and regular expressions, which may look like comments. */
function withoutLiterals(file: ts.SourceFile): string {
  const pieces: string[] = [];
  let end = 0;
  const visit = (node: ts.Node): void => {
    if (
      ts.isLiteralExpression(node) ||
      ts.isTemplateMiddleOrTemplateTail(node) ||
      ts.isTemplateHead(node) ||
      ts.isJsxText(node)
    ) {
      const start = node.getStart(file);
      pieces.push(file.text.slice(end, start), " ".repeat(node.end - start));
      end = node.end;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return pieces.join("") + file.text.slice(end);
}

function firstLine(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)} …` : text;
}

function excerpt(text: string, at: number): string {
  return `… ${text.slice(Math.max(0, at - 40), at + 60).trim()} …`;
}
