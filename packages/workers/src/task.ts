/** Something that a process does. */
export interface Task {
  /** Names the task in reports. */
  readonly label: string;
  /** The message to the process, as JSON. */
  readonly data: object;
}

/** A message of the process of a task. */
export type TaskMessage = { readonly kind: "progress"; readonly text: string } | TaskAnswer;

/** The last message of the process of a task. */
export type TaskAnswer =
  | { readonly kind: "result"; readonly result: unknown }
  /** It was stopped from outside, and is saved. */
  | { readonly kind: "stopped" }
  /** Something that would end every task, such as data that has changed. */
  | { readonly kind: "failure"; readonly message: string };

/** The end of a task. It is lost if its processes ended early too often; another call may try it again. */
export type TaskEnd = TaskAnswer | { readonly kind: "lost"; readonly message: string };

export interface TaskControl {
  /** Asks the task to save and stop. */
  readonly signal: AbortSignal;
  readonly report: (text: string) => void;
}

/** A place that runs tasks: processes of this machine, or a queue. */
export interface TaskPlace {
  run(task: Task, control: TaskControl): Promise<TaskEnd>;
  close(): Promise<void>;
}
