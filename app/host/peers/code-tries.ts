// How often somebody came with another code than the one that is shown: after a few times that code lets nobody in. It makes no codes.
import { LIMITS } from '../../../shared/protocol/limits.ts';
import type { PeerCodes } from './peer-codes.ts';

export class CodeTries {
  readonly #codes: PeerCodes;
  /** By workspace: the code that was tried against, and how often. */
  readonly #failed = new Map<string, { readonly code: string; readonly count: number }>();

  constructor(codes: PeerCodes) {
    this.#codes = codes;
  }

  /** The code that lets in now, or null. */
  current(workspace: string): string | null {
    const code = this.#codes.current(workspace);
    const failed = this.#failed.get(workspace);
    return code !== null && failed?.code === code && failed.count >= LIMITS.peerCodeTries ? null : code;
  }

  needed(workspace: string): boolean {
    return this.#codes.needed(workspace);
  }

  knows(workspace: string, device: string): boolean {
    return this.#codes.knows(workspace, device);
  }

  failed(workspace: string): void {
    const code = this.current(workspace);
    if (code === null) return;
    const before = this.#failed.get(workspace);
    this.#failed.set(workspace, { code, count: (before?.code === code ? before.count : 0) + 1 });
    this.#codes.failed(workspace);
  }
}
