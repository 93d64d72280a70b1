/** What every operation stands on, and how it is reached. */
import type { ApiServices } from "./handler.ts";

export interface Api {
  readonly services: ApiServices;
  /** see `Config` */
  readonly platformAuthentication: boolean;
}
