/** The instructions to a language model. The data follows them as delimited JSON, which is not part of the template. */
export interface PromptTemplate {
  readonly name: string;
  /** Incremented with every change of the texts, which makes profiles of the old ones stale. */
  readonly version: number;
  /** Instructions for the profile of an item, from its title, tags, description and details. */
  readonly item: string;
  /** Instructions for the profile of a user, from a sample of the items that they interacted with. */
  readonly user: string;
}

/** The words of a domain. */
export interface Domain {
  /** One item: "book". */
  readonly item: string;
  /** One user, with the article: "a reader". */
  readonly user: string;
  /** The verb for what users do with items: "read". */
  readonly interacted: string;
  /** The aspects that distinguish items of the domain. */
  readonly aspects: string;
}

export const domains = {
  neutral: {
    item: "item",
    user: "a user",
    interacted: "chose",
    aspects: "its kind, its main features, and what it is used for",
  },
  books: {
    item: "book",
    user: "a reader",
    interacted: "read",
    aspects: "genre, themes, setting, style and mood",
  },
  places: {
    item: "place",
    user: "a visitor",
    interacted: "went to",
    aspects:
      "the kind of place, what it offers, its atmosphere and price level, and the occasions that it suits",
  },
  games: {
    item: "game",
    user: "a player",
    interacted: "played",
    aspects: "genre, mechanics, setting, difficulty and mood, and whether one plays alone or with others",
  },
  films: {
    item: "film",
    user: "a viewer",
    interacted: "watched",
    aspects: "genre, themes, setting, style and mood",
  },
  music: {
    item: "work or artist",
    user: "a listener",
    interacted: "listened to",
    aspects: "genre, era, instruments, voice, tempo and mood",
  },
} satisfies Record<string, Domain>;

export type PromptDomain = keyof typeof domains;

/** A template for each domain of the field's datasets, and a neutral one. */
export const promptTemplates: Readonly<Record<PromptDomain, PromptTemplate>> = {
  neutral: createTemplate("neutral", domains.neutral),
  books: createTemplate("books", domains.books),
  places: createTemplate("places", domains.places),
  games: createTemplate("games", domains.games),
  films: createTemplate("films", domains.films),
  music: createTemplate("music", domains.music),
};

function createTemplate(name: string, { item, user, interacted, aspects }: Domain): PromptTemplate {
  return {
    name,
    version: 1,
    item: [
      `You describe a ${item} for a recommender system: who would enjoy it, and why.`,
      `You are given what is known about the ${item}: its title, tags, a description and further details, as far as they are there.`,
      `Write a summary of 40 to 100 words that says what kind of people would enjoy the ${item}. Name what draws them: ${aspects}. Use plain words that would also describe similar ones. Leave out praise, plots and publication data.`,
      `Then say in a sentence or two what in the data the summary rests on. Rely on the data, and on general knowledge only where the title leaves no doubt which ${item} it is.`,
    ].join("\n"),
    user: [
      `You describe the taste of ${user} for a recommender system.`,
      `You are given a sample of what they ${interacted}: for each its title, a profile of it, and their own review where they wrote one.`,
      `Write a summary of 40 to 100 words that says what they are likely to enjoy. Name what the sample has in common: ${aspects}; and what their reviews praise and blame. Do not list titles, and do not guess age, gender or origin.`,
      "Then say in a sentence or two what in the data the summary rests on.",
    ].join("\n"),
  };
}
