/** Facts about an item in words and numbers, from the catalogue or its users. */
export interface ItemAttributes {
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
  /** Anything else, by name: author, year, country. */
  readonly details?: Readonly<Record<string, string | number>>;
}
