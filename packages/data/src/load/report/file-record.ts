/** What a load did with one file of a folder. */
export interface FileRecord {
  /** The name in the folder. */
  readonly file: string;
  /** What it holds, e.g. `interactions`. Absent for a file that was not read. */
  readonly holds?: string;
  /** What was read, in words; why nothing was, if nothing was and the reason is known. */
  readonly read?: string;
  /** What was left out, in words. */
  readonly leftOut?: string;
}
