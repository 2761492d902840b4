/** A value that survives `JSON.stringify` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object, the form of configurations in manifests and checkpoints. */
export type JsonObject = { readonly [key: string]: Json };
