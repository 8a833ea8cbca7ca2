// The part of a page that links: signs for pages, people and days, how these are drawn, and what opening them does.
import AtSign from '@lucide/svelte/icons/at-sign';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import FileSymlink from '@lucide/svelte/icons/file-symlink';
import type { Command } from 'prosemirror-state';
import type { DrawnNode } from '../../../editor/node-views.ts';
import { triggerKey, type TriggerSource } from '../../../editor/trigger-menu.ts';
import type { MakePagePart } from '../parts/page-part.ts';
import { embedDrawings, shownMember } from './draw-embeds.ts';
import { linkContextOf } from './link-context.ts';
import { LinkOverlays } from './link-overlays.ts';
import { mentionSource } from './mention-source.ts';
import { pageLinks } from './page-links.ts';
import { pageSource } from './page-source.ts';

export const linksPart: MakePagePart = ({ workspace, handle, services, contexts }) => {
  const context = linkContextOf(services, workspace, handle.room);
  const overlays = new LinkOverlays(services.clock, context, contexts);
  const pages = pageSource(context);
  const mentions = mentionSource(context, (view) => overlays.pickDate(view));
  let selectedDate: DrawnNode | null = null;
  const pickDate: Command = (_state, dispatch, view) => {
    if (dispatch && view) overlays.pickDate(view);
    return true;
  };
  return {
    drawings: embedDrawings(
      context,
      overlays.preview,
      (node) => overlays.editDate(node),
      (node) => (selectedDate = node),
    ),
    triggers: [pages, mentions],
    plugins: [pageLinks(context, overlays.preview)],
    slashItems: [
      {
        id: 'page-link',
        title: 'Page link',
        hint: '[[',
        keywords: ['link', 'wiki', 'reference', 'mention page'],
        icon: FileSymlink,
        run: opening(pages),
      },
      {
        id: 'mention',
        title: 'Mention a person',
        hint: '@',
        keywords: ['person', 'people', 'at', 'user'],
        icon: AtSign,
        run: opening(mentions),
      },
      { id: 'date', title: 'Date', hint: '@today', keywords: ['day', 'calendar'], icon: CalendarDays, run: pickDate },
    ],
    embedText: (embed) => {
      if (embed.type === 'page') {
        const standing = context.standing(embed.page);
        return standing.kind === 'unknown' ? null : standing.title;
      }
      return embed.type === 'mention' ? shownMember(context, { ...embed }).text : null;
    },
    openEmbed: (embed) => {
      overlays.preview.close();
      if (embed.type === 'page') context.open(embed.page, embed.block ?? '');
      else if (embed.type === 'date' && selectedDate?.editable()) overlays.editDate(selectedDate);
      else return false;
      return true;
    },
  };
};

/** Types a sign where the caret is, which opens its menu. */
function opening(source: TriggerSource): Command {
  return (state, dispatch) => {
    const { from, to } = state.selection;
    dispatch?.(state.tr.insertText(source.trigger, from, to).setMeta(triggerKey, { type: 'open', source, from }));
    return true;
  };
}
