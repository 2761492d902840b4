import type { ProfileRecord } from "../profile-record";
import type { ProfileRequest } from "./profile-request";

/** The calls that make profiles, in this process or elsewhere. */
export interface ProfileMaker {
  /**
   * Makes one profile.
   *
   * @throws ModelCallError
   */
  make(request: ProfileRequest): Promise<ProfileRecord>;
  /** Drops the maker's own copy of a result, once it is stored. */
  forget(key: string): Promise<void>;
}
