/**
 * Places in the table of functions that ONNX Runtime's C interface hands out, with their results and parameters. A wrong
 * entry corrupts memory instead of throwing, so the table is used only with the version that it was checked with.
 */
export const functions = {
  getErrorMessage: [2, "const char *", ["void *"]],
  createEnv: [3, "void *", ["int", "const char *", "out"]],
  createSessionFromArray: [8, "void *", ["void *", "const void *", "size_t", "void *", "out"]],
  run: [
    9,
    "void *",
    ["void *", "void *", "const char **", "void **", "size_t", "const char **", "size_t", "void **"],
  ],
  createSessionOptions: [10, "void *", ["out"]],
  enableProfiling: [14, "void *", ["void *", "const char *"]],
  disableMemoryPattern: [17, "void *", ["void *"]],
  setIntraOpThreads: [24, "void *", ["void *", "int"]],
  createTensor: [49, "void *", ["void *", "void *", "size_t", "const int64_t *", "size_t", "int", "out"]],
  createCpuMemory: [69, "void *", ["int", "int", "out"]],
  releaseStatus: [93, "void", ["void *"]],
  releaseSession: [95, "void", ["void *"]],
  releaseTensor: [96, "void", ["void *"]],
  releaseSessionOptions: [100, "void", ["void *"]],
  addSessionConfigEntry: [130, "void *", ["void *", "const char *", "const char *"]],
  createAndRegisterAllocator: [144, "void *", ["void *", "void *", "void *"]],
  createArenaConfiguration: [156, "void *", ["size_t", "int", "int", "int", "out"]],
  releaseArenaConfiguration: [157, "void", ["void *"]],
} as const;

export type FunctionName = keyof typeof functions;

/** The number of places that are read from the table. */
export const functionCount = 158;

/** The version of the table that is asked for. Later versions contain all earlier ones unchanged. */
export const interfaceVersion = 8;

/** The version of ONNX Runtime that the table was checked with. Another minor version is refused, and the binding runs graphs. */
export const checkedVersion = "1.30";

/** Constants of the C interface. */
export const constants = {
  logErrors: 3,
  arenaAllocator: 1,
  defaultMemory: 0,
  unlimited: 0,
  growAsRequested: 1,
  asDefault: -1,
} as const;
