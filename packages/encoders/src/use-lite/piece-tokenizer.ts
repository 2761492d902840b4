/** A vocabulary: each piece with its log-probability. The index of a piece is its token. */
export type PieceVocabulary = readonly (readonly [piece: string, score: number])[];

/** Tokens at the start of the vocabulary that stand for no text. The first of them is the unknown token. */
const reservedTokens = 6;
const unknownToken = 0;

/** SentencePiece writes a space, and the start of a text, as this mark. */
const spaceMark = "\u2581";

interface Node {
  readonly children: Map<string, Node>;
  /** The token of the piece that ends here. */
  token?: number;
}

/**
 * Splits texts into the pieces of a unigram vocabulary whose probabilities have the greatest product (Kudo 2018), as the tokenizer
 * of the Universal Sentence Encoder lite for tfjs does: a character that begins no piece is unknown, at no cost.
 */
export class PieceTokenizer {
  readonly #vocabulary: PieceVocabulary;
  readonly #root: Node = { children: new Map() };

  constructor(vocabulary: PieceVocabulary) {
    this.#vocabulary = vocabulary;
    for (const [token, [piece]] of vocabulary.entries())
      if (token >= reservedTokens) this.#insert(piece, token);
  }

  /** The tokens of a text. Unknown characters in a row are one token. */
  encode(text: string): number[] {
    const symbols = [...markSpaces(text.normalize("NFKC"))];
    // Of the best pieces that end before each position: the last token, its length, and their score.
    const last = new Int32Array(symbols.length + 1).fill(unknownToken);
    const lengths = new Int32Array(symbols.length + 1).fill(1);
    const scores = new Float64Array(symbols.length + 1);
    for (const start of symbols.keys()) {
      for (const { token, length, score } of this.#piecesAt(symbols, start)) {
        const end = start + length;
        const total = scores[start] + score;
        // A score of 0 is that of a position which no piece has reached yet.
        if (scores[end] !== 0 && total < scores[end]) continue;
        [last[end], lengths[end], scores[end]] = [token, length, total];
      }
    }
    const tokens: number[] = [];
    for (let end = symbols.length; end > 0; end -= lengths[end])
      if (last[end] !== unknownToken || tokens.at(-1) !== unknownToken) tokens.push(last[end]);
    return tokens.reverse();
  }

  #insert(piece: string, token: number): void {
    let node = this.#root;
    for (const symbol of piece) {
      let next = node.children.get(symbol);
      if (!next) {
        next = { children: new Map() };
        node.children.set(symbol, next);
      }
      node = next;
    }
    node.token = token;
  }

  /** The pieces that begin at a position, or the unknown token if there is none. */
  #piecesAt(symbols: readonly string[], start: number) {
    const found: { readonly token: number; readonly length: number; readonly score: number }[] = [];
    let node = this.#root.children.get(symbols[start]);
    for (let length = 1; node; length += 1) {
      const { token } = node;
      if (token !== undefined) found.push({ token, length, score: this.#vocabulary[token][1] });
      node = node.children.get(symbols[start + length]);
    }
    return found.length > 0 ? found : [{ token: unknownToken, length: 1, score: 0 }];
  }
}

function markSpaces(text: string): string {
  return text.length > 0 ? spaceMark + text.replaceAll(" ", spaceMark) : text;
}
