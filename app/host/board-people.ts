// Whom a board, the comments on its cards and what is attached to them name, and putting others in their place. Plain data to plain data.
import { changeBoard } from '../../shared/model/board/copy.ts';
import type { PlainBoard } from '../../shared/model/board/plain.ts';
import { isDocumentId } from '../../shared/model/document/meta.ts';
import type { PlainEntries, PlainEntry } from '../../shared/model/document/plain-maps.ts';

interface Comments {
  readonly posts: PlainEntries;
  readonly reactions: readonly string[];
  readonly files: PlainEntries;
}

/** Ids that stand where a member's does. */
export function peopleNamed(board: PlainBoard, comments: Iterable<Comments>): ReadonlySet<string> {
  const named = new Set<string>();
  const member = (id: string): string => {
    named.add(id);
    return id;
  };
  changeBoard({ ...board, people: [] }, { ids: new Map([...board.cards.keys()].map((id) => [id, id])), member });
  for (const one of comments) changeComments(one, member);
  return named;
}

export function changeComments({ posts, reactions, files }: Comments, member: (id: string) => string): Comments {
  const changed = [...posts].map(([id, post]): [string, PlainEntry] => {
    const { author } = post;
    return [id, isDocumentId(author) ? { ...post, author: member(author) } : post];
  });
  return {
    posts: new Map(changed),
    reactions: reactions.map((key) => {
      const [post = '', who = '', emoji = ''] = key.split('/');
      return `${post}/${member(who)}/${emoji}`;
    }),
    files: new Map(
      [...files].map(([id, file]): [string, PlainEntry] => {
        const { by } = file;
        return [id, isDocumentId(by) ? { ...file, by: member(by) } : file];
      }),
    ),
  };
}
