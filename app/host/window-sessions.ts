// Who may use the loopback server: one-time tokens of printed addresses, the cookies they become, and the owner's bearer token.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../shared/base/app-error.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Settings } from './settings.ts';

/** Addresses that were printed and never opened are forgotten after this many newer ones. */
const OPEN_TOKENS = 20;

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

export class WindowSessions {
  readonly #settings: Settings;
  readonly #tokens = new Set<string>();
  /** Stands in host.json; whoever can read that file is the user of this folder. */
  readonly ownerToken = randomBytes(32).toString('base64url');
  readonly cookieName: string;

  /** Cookies of 127.0.0.1 are shared by all its ports, hence a name of the folder's own. */
  constructor(settings: Settings, folderRoot: string) {
    this.#settings = settings;
    this.cookieName = `caravan_${digest(folderRoot).toString('hex').slice(0, 12)}`;
  }

  /** A token for one address; it works once. */
  newToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#tokens.add(token);
    for (const oldest of this.#tokens) {
      if (this.#tokens.size <= OPEN_TOKENS) break;
      this.#tokens.delete(oldest);
    }
    return token;
  }

  /** The Set-Cookie value for a token that holds, or null. The token is used up either way it was known. */
  async exchange(token: string): Promise<string | null> {
    const known = [...this.#tokens].find((candidate) => equal(candidate, token));
    if (known === undefined) return null;
    this.#tokens.delete(known);
    const secret = randomBytes(32).toString('base64url');
    // Only the hash is kept, so that settings.json opens no session. It outlives the host: open tabs come back by themselves.
    await this.#settings.addSession(digest(secret).toString('base64url')).catch((error: unknown) => {
      // On a full or read-only disk people must be able to read: the session then holds until this host ends.
      if (!(error instanceof AppError) || (error.code !== 'disk-full' && error.code !== 'read-only')) throw error;
    });
    return `${this.cookieName}=${secret}; Path=/; HttpOnly; SameSite=Strict`;
  }

  holdsCookie(header: string | undefined): boolean {
    if (header === undefined || header.length > LIMITS.hostCookies) return false;
    for (const part of header.split(';')) {
      const [name, value] = part.trim().split('=', 2);
      if (name === this.cookieName && value && this.#settings.hasSession(digest(value).toString('base64url')))
        return true;
    }
    return false;
  }

  holdsOwnerToken(authorization: string | undefined): boolean {
    return authorization !== undefined && equal(authorization, `Bearer ${this.ownerToken}`);
  }
}
