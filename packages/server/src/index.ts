export type { KnownUser, ServiceModel } from "./service-model";
export type { ServiceOptions } from "./service-options";
export { type ListenOptions, type Service, startService } from "./start-service";
export { threadedRuntime } from "./threaded-runtime";
