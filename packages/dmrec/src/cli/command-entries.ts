import { Command } from "commander";
import type { ModelZoo } from "../zoo/model-zoo";
import { trialCommand } from "./search/trial-command";

/** The values that commands are made from. */
export interface CommandContext {
  readonly loadZoo: () => Promise<ModelZoo>;
  /** The file that runs this program, which a search starts again for each trial. */
  readonly file: string;
  /** The program with all of its commands. */
  readonly wholeProgram: () => Promise<Command>;
}

/** A command in the list of commands. */
export interface CommandEntry {
  readonly name: string;
  /** Its arguments in the list. */
  readonly usage: string;
  /** Its line in the list. */
  readonly summary: string;
  readonly description: string;
  /** True for a command that the list leaves out. */
  readonly isHidden?: boolean;
  /** Makes it with its flags. What it runs loads when it runs. */
  readonly load: (context: CommandContext) => Promise<Command>;
}

/** The commands of the program. Most of the time of a short command is the loading of code, so each loads its own only. */
export const commandEntries: readonly CommandEntry[] = [
  {
    name: "compare",
    usage: "[options]",
    summary: "train models, compare them, and recommend to one user",
    description: "Train models on a dataset, compare them on its test part, and recommend to one user.",
    load: async ({ loadZoo }) => {
      const [zoo, { compareCommand }] = await Promise.all([loadZoo(), import("./compare-flags")]);
      return compareCommand(zoo, async (flags, typed) =>
        (await import("./compare")).compare(flags, zoo, typed),
      );
    },
  },
  {
    name: "train",
    usage: "[options]",
    summary: "train one model and keep it in a run, a directory",
    description:
      "Train one model and keep it in a run: a directory that the other commands take. The same command continues a run that was stopped, and trains a finished one longer with more --epochs.",
    load: async ({ loadZoo }) => {
      const [zoo, { trainCommand }] = await Promise.all([loadZoo(), import("./train-flags")]);
      return trainCommand(zoo, async (flags, sourceOf) =>
        (await import("./train")).train(flags, zoo, sourceOf),
      );
    },
  },
  {
    name: "evaluate",
    usage: "[options] <run>",
    summary: "measure a run, and the difference to another",
    description:
      "Measure a run: metrics of all users and by their activity, and the difference to another run.",
    load: async ({ loadZoo }) => {
      const [zoo, { evaluateCommand }] = await Promise.all([loadZoo(), import("./evaluate-flags")]);
      return evaluateCommand(zoo, async (run, flags) =>
        (await import("./evaluate")).evaluate(run, flags, zoo),
      );
    },
  },
  {
    name: "report",
    usage: "[options] <run>",
    summary: "write a run or a comparison as one HTML page",
    description:
      "Write a run or a comparison as one HTML page: data, settings, curves, tables, users by activity, and examples by name.",
    load: async ({ loadZoo }) => {
      const [zoo, { reportCommand }] = await Promise.all([loadZoo(), import("./report-flags")]);
      return reportCommand(zoo, async (run, flags) => (await import("./report")).report(run, flags, zoo));
    },
  },
  {
    name: "recommend",
    usage: "[options] <run>",
    summary: "recommend to a user, for items, from a text, or to all",
    description:
      "Recommend to a user of the data, to someone with some items, to someone described by a text, or to all users.",
    load: async ({ loadZoo }) => {
      const [zoo, { recommendCommand }] = await Promise.all([loadZoo(), import("./recommend-flags")]);
      return recommendCommand(zoo, async (run, flags) =>
        (await import("./recommend")).recommend(run, flags, zoo),
      );
    },
  },
  {
    name: "export",
    usage: "[options] <run>",
    summary: "write the model of a run as an ONNX file or a page",
    description:
      "Write the model of a run as one ONNX file, which loadRecommender of @dmrec/serving loads, or as a page that recommends while you type, which any static web server serves.",
    load: async ({ loadZoo }) => {
      const [zoo, { exportCommand }] = await Promise.all([loadZoo(), import("./export-flags")]);
      return exportCommand(zoo, async (run, flags) => (await import("./export")).exportRun(run, flags, zoo));
    },
  },
  {
    name: "serve",
    usage: "[options] <run>",
    summary: "serve a page and an HTTP service of a run",
    description:
      "Serve a page that recommends while you type, and answer HTTP requests for recommendations by the model of a run; GET /openapi.json describes them. SIGHUP takes the run's new model without a failed request. Ctrl-C and SIGTERM stop after the answers in progress, with exit code 0.",
    load: async ({ loadZoo }) => {
      const [zoo, { serveCommand }] = await Promise.all([loadZoo(), import("./serve-flags")]);
      return serveCommand(zoo, async (run, flags) => (await import("./serve")).serve(run, flags, zoo));
    },
  },
  {
    name: "search",
    usage: "[options]",
    summary: "search for the best settings of a model",
    description:
      "Search for the best settings of a model on the validation part. Each trial is a run. The same command continues a stopped search, and more --trials extend it.",
    load: async ({ loadZoo, file }) => {
      const [zoo, { searchCommand }] = await Promise.all([loadZoo(), import("./search-flags")]);
      return searchCommand(zoo, async (flags, sourceOf) =>
        (await import("./search")).search(flags, zoo, { program: file, sourceOf }),
      );
    },
  },
  {
    name: "search-worker",
    usage: "[options]",
    summary: "train trials of searches on other machines",
    description:
      "Train trials for every dmrec search --queue with the same Redis, until Ctrl-C. The folders of the searches and of their data have to be mounted under the same paths as there.",
    load: async ({ file }) => (await import("./search/search-worker")).searchWorkerCommand(file),
  },
  {
    name: trialCommand,
    usage: "",
    summary: "the process of a trial",
    description: "The process of a trial of dmrec search.",
    isHidden: true,
    load: async ({ loadZoo }) =>
      new Command(trialCommand).action(async () => {
        const [zoo, { trialWorker }] = await Promise.all([loadZoo(), import("./search/trial-worker")]);
        await trialWorker(zoo);
      }),
  },
  {
    name: "profiles",
    usage: "[options]",
    summary: "have a language model write profiles",
    description:
      "Have a language model write profiles of items, and of users from their training items. OPENAI_BASE_URL and OPENAI_API_KEY name the service: OpenAI, or any with its protocol. The same command continues from where it stopped.",
    load: async () => {
      const { profilesCommand } = await import("./profiles-flags");
      return profilesCommand(async (flags) => (await import("./profiles")).profiles(flags));
    },
  },
  {
    name: "completion",
    usage: "<shell>",
    summary: "print a script that completes commands in your shell",
    description:
      "Print a script that completes commands, options and their choices in your shell. For bash: echo 'source <(dmrec completion bash)' >> ~/.bashrc; for zsh the same with zsh and ~/.zshrc; for fish: dmrec completion fish > ~/.config/fish/completions/dmrec.fish",
    load: async ({ wholeProgram }) => (await import("./completion")).completionCommand(wholeProgram),
  },
];
