// The codes that this computer shows, by which a colleague's finds it where no announcement gets through (PE48 to PE50). It shows nothing and proves nothing.
import { randomInt } from 'node:crypto';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import type { PeerCodes } from './peer-codes.ts';

/** Without I, L, O and U: nobody asks whether it is a one or an L. 32 letters are 5 bits each. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
/** What is read for what, where somebody writes it all the same. */
const READ_AS: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1', U: 'V' };

/** Milliseconds for which a code holds. */
export const CODE_HOLDS = 10 * 60_000;

export interface ShownCode {
  /** As it is shown: `KX4T-9M2P`. */
  readonly code: string;
  readonly until: number;
}

/** As it is compared; null for what is none. Spaces, hyphens, small letters, and what looks alike do not matter. */
export function readCode(text: string): string | null {
  const plain = [...text.replaceAll(/[\s\p{Pd}]/gu, '').toUpperCase()].map((letter) => READ_AS[letter] ?? letter);
  const isCode = plain.length === LENGTH && plain.every((letter) => LETTERS.includes(letter));
  return isCode ? plain.join('') : null;
}

interface Shown {
  readonly plain: string;
  readonly until: number;
  readonly timer: Disposable;
  wrong: number;
}

export class ShownCodes implements PeerCodes {
  readonly #clock: Clock;
  readonly #isOpen: (workspace: string) => boolean;
  readonly #shown = new Map<string, Shown>();
  readonly #introduced = new Map<string, Set<string>>();
  readonly #changed = new Emitter<string>();
  /** A workspace's code is another one, or none; the value is the workspace. */
  readonly onChange = this.#changed.event;

  /** @param isOpen whether members' computers are let in without a code. */
  constructor(clock: Clock, isOpen: (workspace: string) => boolean) {
    this.#clock = clock;
    this.#isOpen = isOpen;
  }

  /** The code that holds, or a new one; `fresh`: in place of that. One at a time. */
  show(workspace: string, fresh = false): ShownCode {
    let shown = this.#shown.get(workspace);
    if (!shown || fresh) {
      shown?.timer.dispose();
      const plain = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
      const timer = this.#clock.after(CODE_HOLDS, () => this.#end(workspace));
      shown = { plain, until: this.#clock.now() + CODE_HOLDS, timer, wrong: 0 };
      this.#shown.set(workspace, shown);
      this.#changed.fire(workspace);
    }
    return { code: `${shown.plain.slice(0, LENGTH / 2)}-${shown.plain.slice(LENGTH / 2)}`, until: shown.until };
  }

  /** As it is compared; null: there is none. A computer that slept through the ten minutes has none, either. */
  current(workspace: string): string | null {
    const shown = this.#shown.get(workspace);
    return shown && this.#clock.now() < shown.until ? shown.plain : null;
  }

  needed(workspace: string): boolean {
    return !this.#isOpen(workspace);
  }

  failed(workspace: string): void {
    const shown = this.#shown.get(workspace);
    if (shown && (shown.wrong += 1) >= LIMITS.peerCodeTries) this.#end(workspace);
  }

  /** A device came in by a code, or this one went to it by its code. It needs none again until this host ends. */
  introduced(workspace: string, device: string): void {
    const known = this.#introduced.get(workspace) ?? new Set<string>();
    this.#introduced.set(workspace, known.add(device));
  }

  /** By the code that is shown: it was for one. */
  used(workspace: string): void {
    this.#end(workspace);
  }

  knows(workspace: string, device: string): boolean {
    return this.#introduced.get(workspace)?.has(device) ?? false;
  }

  /** Nothing of a workspace is kept that is on this computer no more. */
  forget(workspace: string): void {
    this.#introduced.delete(workspace);
    this.#end(workspace);
  }

  dispose(): void {
    for (const { timer } of this.#shown.values()) timer.dispose();
    this.#shown.clear();
    this.#changed.clear();
  }

  #end(workspace: string): void {
    const shown = this.#shown.get(workspace);
    if (!shown) return;
    shown.timer.dispose();
    this.#shown.delete(workspace);
    this.#changed.fire(workspace);
  }
}
