export { answerTasks, isTaskProcess, type TaskWork } from "./answer-tasks";
export { localProcesses } from "./local-processes";
export { type FinishedTask, type RunTasksOptions, runTasks } from "./run-tasks";
export type { Task, TaskAnswer, TaskControl, TaskEnd, TaskMessage, TaskPlace } from "./task";
export type { ProcessProgram } from "./task-process";
export { openTaskQueue, type TaskQueueAddress } from "./task-queue";
export { startTaskWorker, type TaskWorker, type TaskWorkerOptions } from "./task-worker";
