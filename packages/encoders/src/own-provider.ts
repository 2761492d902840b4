/** The AI SDK provider name of the embedding models of this package, which run in the process. */
export const ownProvider = "dmrec";
