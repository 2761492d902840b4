import type { ProfileSchema } from "../profile";
import type { ProfileRecord } from "../profile-record";
import type { ProfileRequest } from "./profile-request";

/** The calls that make profiles, in this process or elsewhere. */
export interface ProfileMaker {
  /**
   * Makes one profile, from a reply that fits the schema.
   *
   * @throws ModelCallError
   */
  make(request: ProfileRequest, schema: ProfileSchema): Promise<ProfileRecord>;
  /** Drops the maker's own copy of a result, once it is stored. */
  forget(key: string): Promise<void>;
}
