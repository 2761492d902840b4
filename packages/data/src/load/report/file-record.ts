/** The record of one file of a folder that was loaded. */
export interface FileRecord {
  /** The name in the folder. */
  readonly file: string;
  /** The kind of its content, e.g. `interactions`. Absent for a file that was not read. */
  readonly holds?: string;
  /** A description of the parts that were read, or of the reason why it was not read. */
  readonly read?: string;
  /** A description of the parts that were left out. */
  readonly leftOut?: string;
}
