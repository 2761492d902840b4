export { ModelCallError, type ModelCallFailure } from "./calls/model-call-error";
export { type EmbeddedLanguage, embedLanguage, type ProfilesOfBoth } from "./embedding/embed-language";
export {
  type EmbeddedProfiles,
  type EmbeddingOptions,
  type EmbeddingProgress,
  type EmbeddingReport,
  type EmbedProfilesOptions,
  embedProfiles,
  embedText,
} from "./embedding/embed-profiles";
export type { MissingPolicy, ProfileText } from "./embedding/missing-rows";
export type { Profile } from "./profile";
export { openProfileStore, ProfileStore } from "./store/profile-store";
export { fitTfIdfEncoder, TfIdfEncoder, type TfIdfOptions } from "./tf-idf/tf-idf-encoder";
