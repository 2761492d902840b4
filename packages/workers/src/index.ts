export { answerTask, isTaskProcess, type TaskWork } from "./answer-task";
export { localProcesses, type ProcessProgram } from "./local-processes";
export { type FinishedTask, type RunTasksOptions, runTasks } from "./run-tasks";
export type { Task, TaskAnswer, TaskControl, TaskEnd, TaskMessage, TaskPlace } from "./task";
export { openTaskQueue, type TaskQueueAddress } from "./task-queue";
export { startTaskWorker, type TaskWorker, type TaskWorkerOptions } from "./task-worker";
