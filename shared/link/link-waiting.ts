// Waiting for something to become true of a link: asked again whenever anything moved; it moves nothing itself.
import { AppError } from '../base/app-error.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { LinkStatus } from './link-state.ts';

export class LinkWaiting {
  readonly #moved = new Emitter<void>();
  /** The status, or null once the link was stopped. */
  readonly #status: () => LinkStatus | null;

  constructor(status: () => LinkStatus | null) {
    this.#status = status;
  }

  /** Anything changed that somebody may wait for. */
  moved(): void {
    this.#moved.fire();
  }

  /** The first answer that is not null. Rejects `not-allowed` when the link is refused and `closed` when it is stopped. */
  until<T>(ask: () => T | null): Promise<T> {
    return new Promise((resolve, reject) => {
      let listening: Disposable | null = null;
      const look = (): boolean => {
        const status = this.#status();
        if (!status)
          reject(new AppError('closed', 'The link was stopped. Nothing is lost; it goes on at the next start.'));
        else if (status.state === 'refused') {
          const { code, reason } = status;
          reject(new AppError('not-allowed', `The other end refused the link: ${reason}`, { details: { code } }));
        } else {
          const answer = ask();
          if (answer === null) return false;
          resolve(answer);
        }
        listening?.dispose();
        return true;
      };
      if (!look()) listening = this.#moved.event(() => void look());
    });
  }
}
