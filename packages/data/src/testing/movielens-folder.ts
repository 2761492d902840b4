import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RandomGenerator } from "@dmrec/core";

/** The generations of MovieLens by the layout of their folder. */
export type MovieLensGeneration = "ml-100k" | "ml-1m" | "ml-10m" | "ml-latest-small";

export interface MovieLensSize {
  readonly users: number;
  readonly movies: number;
  readonly ratings: number;
}

const genres = [
  ...["Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy"],
  ...["Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western"],
];
/** Words of titles by genre, so that titles say something about taste, as titles of sequels do. */
const nouns = ["Storm", "Garden", "Letter", "Island", "Machine", "Winter", "Detective", "Planet", "Wedding"];
const adjectives = ["Last", "Golden", "Silent", "Broken", "Secret", "Little", "Wild", "Lost", "Brave"];

interface Movie {
  readonly id: number;
  readonly title: string;
  readonly year: number;
  readonly genres: readonly string[];
}

interface Rating {
  readonly user: number;
  readonly movie: number;
  readonly rating: number;
  readonly time: number;
}

/**
 * Writes a synthetic folder in the exact layout of a generation of MovieLens, with the files that are not interactions, too.
 * Users like a few genres, so that genres and titles help to recommend. Some titles have commas, quotes and accents.
 */
export async function writeMovieLensFolder(
  folder: string,
  generation: MovieLensGeneration,
  { users, movies: count, ratings: total }: MovieLensSize,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const movies = makeMovies(count, generation);
  const ratings = makeRatings(movies, users, total, generation);
  const files = layouts[generation](movies, ratings, users);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

function makeMovies(count: number, generation: MovieLensGeneration): Movie[] {
  const random = RandomGenerator.fromSeed(1).fork("movies");
  // Later generations number films with gaps.
  const gap = generation === "ml-100k" ? 1 : 3;
  return Array.from({ length: count }, (_, index) => {
    const own = [...new Set([pick(random, genres), pick(random, genres)])];
    const word = (list: readonly string[]) =>
      list[(genres.indexOf(own[0]) + random.integer(2)) % list.length];
    const article = index % 7 === 0 ? ", The" : "";
    const accent = index % 11 === 0 ? " (Misérables, Les)" : "";
    const start = index % 23 === 0 ? '"Great" ' : "";
    const year = 1930 + random.integer(65);
    const title = `${start}${word(adjectives)} ${word(nouns)} ${index}${article}${accent} (${year})`;
    return { id: 1 + index * gap, title, year, genres: own };
  });
}

function makeRatings(
  movies: readonly Movie[],
  users: number,
  total: number,
  generation: MovieLensGeneration,
): Rating[] {
  const random = RandomGenerator.fromSeed(1).fork("ratings");
  const ratings: Rating[] = [];
  const perUser = Math.min(Math.ceil(total / users), Math.floor(movies.length / 2));
  for (let user = 1; user <= users; user += 1) {
    const liked = new Set([pick(random, genres), pick(random, genres), pick(random, genres)]);
    const seen = new Set<number>();
    while (seen.size < perUser) {
      // The square makes the first films popular.
      const index = Math.floor(movies.length * random.uniform() ** 2);
      const isLiked = movies[index].genres.some((genre) => liked.has(genre));
      if (seen.has(index) || random.uniform() > (isLiked ? 1 : 0.12)) continue;
      seen.add(index);
      const half = generation === "ml-10m" || generation === "ml-latest-small" ? 0.5 : 0;
      const stars = (isLiked ? 3 : 1) + random.integer(3);
      const time = 874_000_000 + user * 1000 + seen.size;
      ratings.push({ user, movie: movies[index].id, rating: stars - (stars > 1 ? half : 0), time });
    }
  }
  return ratings;
}

const pick = (random: RandomGenerator, list: readonly string[]) => list[random.integer(list.length)];

type Files = Readonly<Record<string, string | Buffer>>;
const lines = (rows: readonly string[], end = "\n") => rows.map((row) => row + end).join("");
const latin1 = (text: string) => Buffer.from(text, "latin1");

const layouts: Readonly<
  Record<MovieLensGeneration, (movies: readonly Movie[], ratings: readonly Rating[], users: number) => Files>
> = {
  "ml-100k": (movies, ratings, users) => {
    const events = ratings.map(({ user, movie, rating, time }) => `${user}\t${movie}\t${rating}\t${time}`);
    const flags = (movie: Movie) =>
      ["unknown", ...genres].map((genre) => (movie.genres.includes(genre) ? 1 : 0));
    return {
      "u.data": lines(events),
      "u.info": `${users} users\n${movies.length} items\n${ratings.length} ratings\n`,
      "u.item": latin1(
        lines(
          movies.map((movie) => {
            const url = `http://us.imdb.com/M/title-exact?${encodeURIComponent(movie.title)}`;
            return [movie.id, movie.title, `01-Jan-${movie.year}`, "", url, ...flags(movie)].join("|");
          }),
        ),
      ),
      "u.genre": `${lines(["unknown", ...genres].map((genre, index) => `${genre}|${index}`))}\n`,
      "u.user": lines(
        Array.from(
          { length: users },
          (_, user) => `${user + 1}|${20 + (user % 50)}|M|writer|${10000 + user}`,
        ),
      ),
      "u.occupation": "writer\n",
      "u1.base": lines(events.slice(0, -5)),
      "u1.test": lines(events.slice(-5)),
      "ua.base": lines(events.slice(0, -3)),
      "ua.test": lines(events.slice(-3)),
      "allbut.pl": "#!/usr/local/bin/perl\n",
      "mku.sh": "#!/bin/sh\n",
      README: "SUMMARY & USAGE LICENSE\n",
    };
  },
  "ml-1m": (movies, ratings, users) => ({
    "ratings.dat": lines(
      ratings.map(({ user, movie, rating, time }) => [user, movie, rating, time].join("::")),
    ),
    "movies.dat": latin1(
      lines(movies.map(({ id, title, genres: own }) => [id, title, own.join("|")].join("::"))),
    ),
    "users.dat": lines(
      Array.from({ length: users }, (_, user) => [user + 1, "F", 25, user % 20, "48067"].join("::")),
    ),
    README: "SUMMARY\n",
  }),
  "ml-10m": (movies, ratings) => ({
    "ratings.dat": lines(
      ratings.map(({ user, movie, rating, time }) => [user, movie, rating, time].join("::")),
    ),
    "movies.dat": lines(movies.map(({ id, title, genres: own }) => [id, title, own.join("|")].join("::"))),
    "tags.dat": lines(
      ratings.slice(0, 20).map(({ user, movie, time }) => [user, movie, "fun", time].join("::")),
    ),
    "allbut.pl": "#!/usr/local/bin/perl\n",
    "split_ratings.sh": "#!/bin/sh\n",
    "README.html": "<html></html>\n",
  }),
  "ml-latest-small": (movies, ratings) => {
    const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const genresOf = ({ id, genres: own }: Movie) => (id % 50 === 1 ? "(no genres listed)" : own.join("|"));
    return {
      "ratings.csv": lines(
        [
          "userId,movieId,rating,timestamp",
          ...ratings.map(({ user, movie, rating, time }) => [user, movie, rating.toFixed(1), time].join(",")),
        ],
        "\r\n",
      ),
      "movies.csv": lines(
        [
          "movieId,title,genres",
          ...movies.map((movie) => [movie.id, quoted(movie.title), genresOf(movie)].join(",")),
        ],
        "\r\n",
      ),
      "tags.csv": lines(
        [
          "userId,movieId,tag,timestamp",
          ...ratings.slice(0, 20).map(({ user, movie, time }) => [user, movie, "fun", time].join(",")),
        ],
        "\r\n",
      ),
      "links.csv": lines(
        ["movieId,imdbId,tmdbId", ...movies.map(({ id }) => [id, `0${110000 + id}`, 800 + id].join(","))],
        "\r\n",
      ),
      "README.txt": "Summary\n=======\n",
    };
  },
};
