// The list of the page's parts, one line each, and the parts of one page as one. How a part works is in its own folder.
import type { Plugin } from 'prosemirror-state';
import { embedText } from '../../../../../shared/model/markdown/embeds.ts';
import type { Embed } from '../../../../../shared/model/page/block.ts';
import type { NodeDrawings } from '../../../editor/node-views.ts';
import type { SlashItem } from '../../../editor/slash-items.ts';
import type { TriggerSource } from '../../../editor/trigger-menu.ts';
import { askingPart } from '../asking/asking-part.ts';
import { boardsPart } from '../boards/boards-part.ts';
import { filesPart } from '../files/files-part.ts';
import { linksPart } from '../links/links-part.ts';
import type { MakePagePart, PagePartContext } from './page-part.ts';

const PARTS: readonly MakePagePart[] = [linksPart, filesPart, askingPart, boardsPart];

export interface PageParts {
  readonly drawings: NodeDrawings;
  readonly slashItems: readonly SlashItem[];
  readonly triggers: readonly TriggerSource[];
  readonly plugins: readonly Plugin[];
  embedText(embed: Embed): string;
  openEmbed(embed: Embed): void;
}

/** All parts for one page. Of two parts that draw one kind the later one counts. */
export function pageParts(context: PagePartContext): PageParts {
  const parts = PARTS.map((make) => make(context));
  return {
    drawings: Object.assign({}, ...parts.map((part) => part.drawings)) as NodeDrawings,
    slashItems: parts.flatMap((part) => part.slashItems ?? []),
    triggers: parts.flatMap((part) => part.triggers ?? []),
    plugins: parts.flatMap((part) => part.plugins ?? []),
    embedText(embed) {
      for (const part of parts) {
        const text = part.embedText?.(embed);
        if (text) return text;
      }
      return embedText(embed);
    },
    openEmbed(embed) {
      parts.some((part) => part.openEmbed?.(embed));
    },
  };
}
