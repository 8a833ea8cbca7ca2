// What other parts of a host know that a digest tells: calls on me (the inbox), and overlaps. A port; it says nothing of landings.
import type { Event } from '../../../shared/base/emitter.ts';
import type { DigestItem } from '../../contract/digest.ts';

export interface SourceItem {
  readonly item: DigestItem;
  /** When this computer first knew of it. */
  readonly arrived: number;
  /** What of it comes later is the same thing. */
  readonly thing: string;
  /** It was looked at, or dealt with where it comes from. */
  readonly done: boolean;
}

export interface DigestSource {
  list(workspace: string): readonly SourceItem[];
  /** Fires with a workspace. */
  readonly onChange: Event<string>;
  /** Resolves when what is stored of documents is in the list. */
  settled(): Promise<void>;
}
