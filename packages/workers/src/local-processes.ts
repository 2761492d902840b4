import type { TaskPlace } from "./task";
import { type ProcessProgram, TaskProcess } from "./task-process";

/** Times that the process of a task may end early before the task is given up. */
const maxDeaths = 3;

/**
 * Runs tasks in processes of this machine, as many as there are tasks at a time. A process that has given a result does another
 * task, because a start takes a second. A task whose process ends early, killed by anyone, is started again in a new one.
 *
 * @example
 * await runTasks(tasks, { place: localProcesses({ file: "worker.js" }), atATime: 2, ...options });
 */
export function localProcesses(program: ProcessProgram): TaskPlace {
  const idle: TaskProcess[] = [];
  const takeIdle = () => {
    for (let found = idle.pop(); found; found = idle.pop()) if (found.isAlive) return found;
    return new TaskProcess(program);
  };
  return {
    async run(task, control) {
      let reason = "";
      for (let deaths = 0; deaths < maxDeaths; deaths += 1) {
        const process = takeIdle();
        const end = await process.run(task, control);
        if (end.kind === "result" && process.isAlive) idle.push(process);
        if (end.kind !== "death") return end;
        if (control.signal.aborted) return { kind: "stopped" };
        reason = end.reason;
        control.report(`${task.label}: its process ended early (${reason})`);
      }
      return { kind: "lost", message: `its process ended early ${maxDeaths} times (${reason})` };
    },
    async close() {
      await Promise.all(idle.splice(0).map((process) => process.close()));
    },
  };
}
