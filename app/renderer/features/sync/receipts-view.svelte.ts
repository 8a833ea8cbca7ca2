// Who holds the document that is shown, asked of the host as that becomes different. It opens nothing.
import type { Clock } from '../../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import type { DocumentReceipts } from '../../../contract/receipts.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { AskSoon } from '../../window/ask-soon.ts';
import { Asked } from '../../window/asked.svelte.ts';

/** Which document: by its id, or a person's profile. */
export type ReceiptsOf = { readonly document: string } | { readonly member: string };

/** After these the answer may be another one. */
const TELLING: ReadonlySet<string> = new Set(['truths', 'receipts', 'members', 'peers']);

export class ReceiptsView implements Disposable {
  readonly #asked: Asked<DocumentReceipts>;
  readonly #question: AskSoon;
  readonly #held = new DisposableStore();

  constructor(connection: HostConnection, clock: Clock, workspace: string, of: ReceiptsOf) {
    this.#asked = new Asked(() =>
      'document' in of
        ? connection.call('doc.receipts', { workspace, document: of.document })
        : connection.call('profile.receipts', { workspace, member: of.member }),
    );
    this.#question = new AskSoon(clock, () => void this.#asked.ask());
    this.#held.add(
      connection.onAnnouncement((news) => {
        if (!TELLING.has(news.event) || !('workspace' in news)) return;
        if (news.workspace === workspace) this.#question.soon();
      }),
    );
  }

  get receipts(): DocumentReceipts | null {
    return this.#asked.answer;
  }

  /** Asks now; resolves to whether it was answered. */
  async ask(): Promise<boolean> {
    if (this.#question.disposed) return false;
    await this.#asked.ask();
    return this.#asked.wrong === null;
  }

  dispose(): void {
    this.#question.dispose();
    this.#held.dispose();
  }
}
