/** The provider of the embedding models of this package, which run in the process. */
export const ownProvider = "dmrec";
