export { type CallEstimate, describeEstimate } from "./calls/call-estimate";
export type { CallOptions } from "./calls/call-options";
export type { Ledger } from "./calls/ledger";
export { ModelCallError, type ModelCallFailure } from "./calls/model-call-error";
export type { Prices } from "./calls/prices";
export type { TokenUsage } from "./calls/token-usage";
export {
  type EmbeddedProfiles,
  type EmbedProfilesOptions,
  embedProfiles,
  embedText,
} from "./embed/embed-profiles";
export {
  type EmbeddedUsersAndItems,
  type EmbedUsersAndItemsOptions,
  embedUsersAndItems,
  type UsersAndItemsReport,
} from "./embed/embed-users-and-items";
export type {
  EmbeddingOptions,
  EmbeddingPrices,
  EmbeddingProgress,
  EmbeddingReport,
} from "./embed/embedding-options";
export type { MissingPolicy, ProfileText } from "./embed/missing-rows";
export {
  type FurtherProfiles,
  type FurtherProfilesOptions,
  generateFurtherProfiles,
} from "./generate-further-profiles";
export {
  type GeneratedItemChoice,
  type GeneratedItemChoices,
  generateItemChoices,
  type ItemChoicesOptions,
} from "./generate-item-choices";
export { generateItemProfiles, type ItemProfilesOptions } from "./generate-item-profiles";
export {
  type GeneratedItemRankings,
  generateItemRankings,
  type ItemRankingsOptions,
} from "./generate-item-rankings";
export { generateUserProfiles, type UserProfilesOptions } from "./generate-user-profiles";
export { openProfileQueue, type ProfileQueue, type ProfileQueueOptions } from "./make/queued/profile-queue";
export {
  type ProfileWorker,
  type ProfileWorkerOptions,
  startProfileWorker,
} from "./make/queued/profile-worker";
export type { QueueAddress } from "./make/queued/queue-address";
export {
  type Profile,
  type ProfileLimits,
  type ProfileReply,
  type ProfileSchema,
  profileSchema,
} from "./profile";
export type { ProfileRecord } from "./profile-record";
export { type ExtrapolationDirection, extrapolationDirections } from "./prompts/extrapolation";
export { type PromptDomain, type PromptTemplate, promptTemplates } from "./prompts/prompt-template";
export type { HistorySampleOptions, Review } from "./prompts/user-prompt";
export { resolveIdentifiers } from "./resolve-identifiers";
export type { DomainRunOptions } from "./run/domain-run-options";
export {
  describeProgress,
  describeReport,
  type ProfileFailure,
  type ProfileProgress,
  type ProfileReport,
} from "./run/profile-report";
export type { GeneratedProfiles } from "./run/profile-run";
export { ProfileRunError } from "./run/profile-run-error";
export type { RunOptions } from "./run/run-options";
export type { Entity } from "./store/entity";
export { openProfileStore, type ProfileStore } from "./store/profile-store";
export { StoreError } from "./store/store-error";
export {
  type TemplateUserProfilesOptions,
  templateItemProfiles,
  templateUserProfiles,
} from "./template-profiles";
