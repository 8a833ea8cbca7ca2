// Hands down what text in one space needs: names, titles, files, and what is offered while somebody writes there. It asks the host for nothing but files.
import AtSign from '@lucide/svelte/icons/at-sign';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import FileText from '@lucide/svelte/icons/file-text';
import { dayText, mentionText, pageText } from '../../../../shared/model/markdown/post-links.ts';
import { handOver } from '../../connection/hand-over.ts';
import type { Suggestion } from '../../ui/suggestion.ts';
import { provideTextContext } from '../../ui/text-context.ts';
import { ancestors } from '../../window/ancestors.ts';
import { PageFinder } from '../../window/find-pages.ts';
import { matchTitle, prepare, queryWords } from '../../window/match.ts';
import { nearDays } from '../../window/near-days.ts';
import type { Services } from '../../window/services.ts';
import { dayWords, shortDay } from '../../window/times.ts';
import { placeOfPictures } from '../card/cover-place.ts';
import PostFile from './PostFile.svelte';
import { providePostFilesPlace } from './post-files-place.ts';

const MOST = 8;

interface Place {
  readonly workspace: string;
  readonly space: string;
}

/** Only while a component is being set up. */
export function provideText(services: Services, { workspace, space }: Place): void {
  const { connection, host, mirror, router, toasts } = services;
  const finder = new PageFinder();
  providePostFilesPlace(placeOfPictures(connection, workspace, space));
  provideTextContext({
    memberName: (member) => host.workspace(workspace).memberName(member),
    pageTitle: (page) => {
      const entry = host.workspace(workspace).document(page);
      return entry ? entry.title || 'Untitled' : null;
    },
    openPage: (page, anchor) => {
      if (host.workspace(workspace).document(page)) {
        router.go({
          at: 'document',
          workspace,
          document: page,
          fresh: false,
          ...(anchor === '' ? {} : { block: anchor }),
        });
      } else {
        toasts.fail(
          'This link leads to a page that is not here. It was purged, is in a space that you are not in, or has not arrived on this computer yet.',
        );
      }
    },
    File: PostFile,
    people: (query) => [...people(services, { workspace, space }, query), ...days(services.clock.now(), query)],
    pages: (query) =>
      finder.find(query, mirror.documents(workspace).values(), MOST).map(({ entry }): Suggestion => {
        const title = entry.title || 'Untitled';
        const above = ancestors(mirror.documents(workspace), entry).map((one) => one.title || 'Untitled');
        return {
          id: entry.id,
          title,
          hint: above.join(' / '),
          icon: FileText,
          shown: `[[${title}]]`,
          stored: pageText(entry.id, title),
        };
      }),
    addFile: async (file) => {
      const state = await handOver(connection, { workspace, space }, file, () => undefined);
      return { blob: state.blob, picture: state.state === 'here' && state.kind === 'image' };
    },
  });
}

/** Those who may read the space; of a guest the host tells only whom they meet. */
function people({ mirror }: Services, { workspace, space }: Place, query: string): readonly Suggestion[] {
  const words = queryWords(query);
  return mirror
    .members(workspace)
    .filter((one) => !one.removed && one.name !== '' && one.spaces.some((part) => part.space === space))
    .flatMap((member) => {
      const match = matchTitle(words, prepare(member.name));
      return match ? [{ member, score: match.score }] : [];
    })
    .sort((a, b) => b.score - a.score || a.member.name.localeCompare(b.member.name))
    .slice(0, MOST)
    .map(({ member: { id, name, me, role } }) => ({
      id,
      title: name,
      hint: me ? 'you' : role === 'guest' ? 'guest' : '',
      icon: AtSign,
      shown: `@${name}`,
      stored: mentionText(id, name),
    }));
}

function days(now: number, query: string): readonly Suggestion[] {
  return nearDays(now, query).map((date) => ({
    id: `date ${date}`,
    title: dayWords(date, now),
    hint: shortDay(date),
    icon: CalendarDays,
    shown: `@${dayWords(date, now)}`,
    stored: dayText(date),
  }));
}
