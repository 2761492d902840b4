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
export { LocalEncoder, type LocalEncoderOptions, loadLocalEncoder } from "./local-encoder/local-encoder";
export type { Profile } from "./profile";
export { openProfileStore, ProfileStore } from "./store/profile-store";
export {
  type TemplateUserProfilesOptions,
  templateItemProfile,
  templateUserProfiles,
} from "./template-profile";
export { loadTfIdfEncoder, saveTfIdfEncoder } from "./tf-idf/encoder-file";
export { fitTfIdfEncoder, TfIdfEncoder, type TfIdfOptions } from "./tf-idf/tf-idf-encoder";
