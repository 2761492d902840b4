import { join } from "node:path";
import type { FolderListing } from "../../files/folder-listing";

/** A file of a well-known dataset that holds interactions in another form than a table of events. */
interface Conversion {
  readonly name: RegExp;
  /** Says what it is, and the command that writes the table. */
  readonly advice: (folder: string) => string;
}

const conversions: readonly Conversion[] = [
  {
    name: /^combined_data_\d\.txt$/i,
    advice: (folder) =>
      `such as one made of the files of Netflix, which have a line for each film and then its ratings: (echo user_id,item_id,rating,date; awk -F, '/:/{sub(/:.*/,"");film=$0;next}{print $1","film","$2","$3}' ${join(folder, "combined_data_*.txt")}) > ${join(folder, "ratings.csv")}; its films are named by --item-id 1 --item-title 3`,
  },
  {
    name: /^behaviors\.tsv$/i,
    advice: (folder) =>
      `such as one made of behaviors.tsv of MIND, which lists the news that each user has clicked: (echo user_id,item_id; awk -F'\\t' '{n=split($4,news," ");for(i=1;i<=n;i++)print $2","news[i]}' ${join(folder, "behaviors.tsv")}) > ${join(folder, "interactions.csv")}; its news are named by --item-id 1 --item-title 4 --item-text 2,3,5`,
  },
];

/** Advice to make a table of a well-known file in the folder. Undefined if it has none. */
export function conversionOf({ folder, names }: FolderListing): string | undefined {
  return conversions.find(({ name }) => names.some((each) => name.test(each)))?.advice(folder);
}
