// What parts of the page feature add to its editor: drawings of kinds, rows of the slash menu, further signs. No part is here.
import type { Plugin } from 'prosemirror-state';
import type { Embed } from '../../../../../shared/model/page/block.ts';
import type { DocumentHandle } from '../../../documents/document-handle.ts';
import type { NodeDrawings } from '../../../editor/node-views.ts';
import type { SlashItem } from '../../../editor/slash-items.ts';
import type { TriggerSource } from '../../../editor/trigger-menu.ts';
import type { Services } from '../../../window/services.ts';

/** For whom a part is made: one page of one workspace. It may be kept longer than the screen that showed the page first. */
export interface PagePartContext {
  readonly workspace: string;
  readonly handle: DocumentHandle;
  readonly services: Services;
  /** The Svelte contexts of the window, for components that a part mounts. */
  readonly contexts: Map<unknown, unknown>;
}

export interface PagePart {
  readonly drawings?: NodeDrawings;
  readonly slashItems?: readonly SlashItem[];
  readonly triggers?: readonly TriggerSource[];
  /** Of the editor, asked before its own for keys, pasting and dropping. */
  readonly plugins?: readonly Plugin[];
  /** What an inline thing of this part's type says in text; null for others. */
  readonly embedText?: (embed: Embed) => string | null;
  /** True when the inline thing is this part's and was opened. */
  readonly openEmbed?: (embed: Embed) => boolean;
}

export type MakePagePart = (context: PagePartContext) => PagePart;
