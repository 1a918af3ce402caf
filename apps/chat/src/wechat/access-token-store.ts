/** An access token of one application. */
export interface AccessToken {
  readonly token: string;
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Keeps the newest access token of each application for all processes. The calls of one process may overlap. */
export interface AccessTokenStore {
  /** Resolves with what was last written, which may have expired; with `undefined` when nothing was. */
  read(appId: string): Promise<AccessToken | undefined>;
  /** Resolves when the token is kept. It MUST replace the one before, also one that expires later: that one was rejected. */
  write(appId: string, token: AccessToken): Promise<void>;
}

/** Keeps access tokens for one process. */
export class MemoryAccessTokenStore implements AccessTokenStore {
  readonly #tokens = new Map<string, AccessToken>();

  async read(appId: string): Promise<AccessToken | undefined> {
    return this.#tokens.get(appId);
  }

  async write(appId: string, token: AccessToken): Promise<void> {
    this.#tokens.set(appId, token);
  }
}
