import { Command } from "commander";
import type { ModelZoo } from "../zoo/model-zoo";
import { port, positiveInteger, positiveNumber } from "./option-parsers";
import { type RunFlags, runCommand } from "./run/run-options";

/** The flags of `dmrec serve`. */
export interface ServeFlags extends RunFlags {
  readonly port: number;
  readonly host: string;
  readonly watch: boolean;
  /** False leaves the page out. */
  readonly page: boolean;
  readonly excludeHeldOut: boolean;
  readonly requestsPerSecond?: number;
  readonly maxBody?: number;
  readonly timeout?: number;
}

/** The command `dmrec serve`, which runs `serve`. */
export function serveCommand(
  zoo: ModelZoo,
  serve: (run: string, flags: ServeFlags) => Promise<void>,
): Command {
  const command = new Command("serve")
    .argument("<run>", "the directory of the run")
    .option("--port <number>", "the port to listen on; 0 for any that is free", port, 3000)
    .option("--host <address>", "the address to listen on; 0.0.0.0 for all", "127.0.0.1")
    .option("--watch", "take the run's new model whenever it has been trained again", false)
    .option("--no-page", "serve no page to look at, whose map takes a while to draw for many items")
    .option("--exclude-held-out", "also leave out the validation and test items of users", false)
    .option("--requests-per-second <count>", "of one client (default: no limit)", positiveInteger)
    .option("--max-body <bytes>", "largest body of a request (default: 1048576)", positiveInteger)
    .option("--timeout <seconds>", "for a request to arrive and be answered (default: 10)", positiveNumber)
    .action(serve);
  return runCommand(command, zoo, "dmrec serve runs/first --port 8080");
}
