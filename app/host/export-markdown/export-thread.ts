// The files of one thread of an export: Markdown for people, a file that holds all of it for an import, and what its posts show. It places none.
import { readAttachments } from '../../../shared/model/document/attachments.ts';
import { joinFrontMatter } from '../../../shared/model/markdown/front-matter.ts';
import { readFacts } from '../../../shared/model/thread/facts.ts';
import { readPlainThread, withoutVoters } from '../../../shared/model/thread/plain.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { readVotes, type Vote } from '../../../shared/model/thread/votes.ts';
import { documentsIn, peopleIn } from '../change-thread.ts';
import { printThread, threadLines } from '../print-thread.ts';
import { printThreadFile, threadFileOf } from '../thread-file.ts';
import { relativeUrl } from './export-plan.ts';
import type { ExportedFile, ExportProblem, ExportSource } from './export-source.ts';
import type { PagePrinter } from './print-page.ts';

interface Tools {
  readonly source: ExportSource;
  readonly printer: PagePrinter;
  readonly paths: ReadonlyMap<string, string>;
  readonly problems: ExportProblem[];
}

export interface ThreadToExport {
  readonly room: string;
  readonly path: string;
  /** Whoever exports manages the space: what was hidden and reported goes along. */
  readonly whole: boolean;
}

export async function* exportThread(
  { room, path, whole }: ThreadToExport,
  { source, printer, paths, problems }: Tools,
): AsyncGenerator<ExportedFile> {
  const prefix = room.slice(0, room.lastIndexOf('/') + 1);
  const { view, thread, shown } = await source.documents.read(room, (doc) => ({
    view: readThread(doc),
    thread: withoutVoters(readPlainThread(doc, whole), doc),
    shown: readAttachments(doc),
  }));
  if (view.unreadable.length > 0) {
    problems.push({
      path,
      reason: `Parts of the discussion that this version cannot read were left out: ${String(view.unreadable.length)}.`,
    });
  }
  yield* printer.files(
    shown.map(({ blob, name, size }) => ({ blob, name, size, mime: '' })),
    room,
    path,
  );
  const moreVotes: ReadonlyMap<string, Vote>[] = [];
  const gone = new Map([[room.slice(prefix.length), view.facts.merged]]);
  // What is added while it is gone through is gone through as well: a thread may have gone on in one that went on here.
  for (const [into, merged] of gone) {
    for (const one of merged) {
      if (!paths.has(one) || gone.has(one)) continue;
      const { facts, votes } = await source.documents.read(prefix + one, (doc) => ({
        facts: readFacts(doc),
        votes: readVotes(doc, []),
      }));
      if (facts.mergedInto?.thread !== into) continue;
      gone.set(one, facts.merged);
      moreVotes.push(votes);
    }
  }
  const nameOf = (member: string): string | null => source.names?.memberName(member) || view.people.get(member) || null;
  const print = (blocks: Parameters<PagePrinter['print']>[0]): string => printer.print(blocks, room, path);
  const body = printThread(view, { nameOf, print, moreVotes });
  yield { path, text: joinFrontMatter(thread.title, '', body, threadLines(view)) };
  const text = printThreadFile({
    id: room.slice(prefix.length),
    thread,
    people: new Map([...peopleIn(thread)].flatMap((id) => pair(id, nameOf(id)))),
    pages: new Map(
      [...documentsIn(thread)].flatMap((id) => {
        const to = paths.get(id);
        return to === undefined ? [] : [[id, relativeUrl(path, to)] as const];
      }),
    ),
    assets: new Map(shown.flatMap(({ blob }) => pair(blob, printer.addressOf(blob, room, path)))),
  });
  yield { path: threadFileOf(path), text, beside: true };
  await new Promise<void>((resolve) => setImmediate(resolve));
}

function pair(id: string, value: string | null): (readonly [string, string])[] {
  return value === null || value === '' ? [] : [[id, value]];
}
