export { ModelCallError, type ModelCallFailure } from "./calls/model-call-error";
export type { Prices } from "./calls/prices";
export {
  type EmbeddedLanguage,
  embedLanguage,
  type LanguageReport,
  type ProfilesOfBoth,
} from "./embedding/embed-language";
export {
  type EmbeddedProfiles,
  type EmbedProfilesOptions,
  embedProfiles,
  embedText,
} from "./embedding/embed-profiles";
export type { EmbeddingOptions, EmbeddingProgress, EmbeddingReport } from "./embedding/embedding-options";
export type { MissingPolicy, ProfileText } from "./embedding/missing-rows";
export { generateItemProfiles, type ItemProfilesOptions } from "./generate-item-profiles";
export { generateUserProfiles, type UserProfilesOptions } from "./generate-user-profiles";
export { identifiersOf } from "./identifiers";
export { LocalEncoder, type LocalEncoderOptions, loadLocalEncoder } from "./local-encoder/local-encoder";
export {
  type Profile,
  type ProfileLimits,
  type ProfileReply,
  type ProfileSchema,
  profileSchema,
} from "./profile";
export { type PromptDomain, type PromptTemplate, promptTemplates } from "./prompts/prompt-template";
export type { Review } from "./prompts/user-prompt";
export { openProfileQueue, type ProfileQueue, type ProfileQueueOptions } from "./queue/profile-queue";
export { type ProfileWorker, type ProfileWorkerOptions, startProfileWorker } from "./queue/profile-worker";
export type { GeneratedProfiles } from "./run/generate-profiles";
export {
  describeEstimate,
  describeProgress,
  describeReport,
  type ProfileEstimate,
  type ProfileFailure,
  type ProfileProgress,
  type ProfileReport,
} from "./run/profile-report";
export { ProfileRunError } from "./run/profile-run-error";
export type { RunOptions } from "./run/run-options";
export type { ProfileRecord, TokenUsage } from "./store/profile-record";
export { type Entity, openProfileStore, type ProfileStore } from "./store/profile-store";
export { StoreError } from "./store/store-error";
export {
  type TemplateUserProfilesOptions,
  templateItemProfiles,
  templateUserProfiles,
} from "./template-profiles";
export { loadTfIdfEncoder, saveTfIdfEncoder } from "./tf-idf/encoder-file";
export { fitTfIdfEncoder, TfIdfEncoder, type TfIdfOptions } from "./tf-idf/tf-idf-encoder";
