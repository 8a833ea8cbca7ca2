// card move, card copy: a card to another board, as a window does it.
import { AppError } from '../../../shared/base/app-error.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { print } from '../print.ts';
import { withHost, type OnHost } from '../with-host.ts';
import { idOf, workspaceOf } from './document.ts';

export interface CardFlags extends CommonFlags {
  /** A board's id, or its title where one board has it. */
  readonly to: string;
  /** A column's id or name; left out: the first. */
  readonly column?: string;
  readonly top?: boolean;
  /** False: cards come without labels that the board does not have. */
  readonly labels?: boolean;
}

export async function sendCard(
  environment: CliEnvironment,
  card: string,
  flags: CardFlags,
  copy: boolean,
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id: workspace } = await workspaceOf(host, card, flags);
    const id = idOf(card);
    const { board: document } = await host.call('cards.find', { workspace, card: id });
    if (document === null) {
      throw new AppError('not-found', 'This card is on no board that is on this computer. Nothing was changed.');
    }
    const to = await boardNamed(host, workspace, flags.to);
    const asked = { workspace, document, cards: [id], to, copy };
    const { columns, outsiders } = await host.call('cards.plan', asked);
    const column = columns.find((one) =>
      flags.column === undefined ? true : one.id === flags.column || one.name === flags.column,
    );
    if (!column) {
      const names = columns.map(({ name }) => `"${name}"`).join(', ');
      throw new AppError('not-found', `The board has no such column. Nothing was changed. It has: ${names || 'none'}.`);
    }
    const place = { column: column.id, at: flags.top ? ('top' as const) : ('bottom' as const) };
    const sent = await host.call('cards.send', { ...asked, ...place, makeLabels: flags.labels !== false });
    const guests =
      outsiders.length === 0
        ? []
        : [`${outsiders.length === 1 ? '1 guest' : `${outsiders.length} guests`} can see it there.`];
    print(environment, flags, { card: sent.cards[0], board: to, column: column.id, outsiders }, [
      copy ? `Copied to "${column.name}": ${sent.cards[0] ?? ''}` : `Moved to "${column.name}".`,
      ...guests,
    ]);
  });
}

async function boardNamed(host: OnHost, workspace: string, wanted: string): Promise<string> {
  const boards = (await host.call('doc.list', { workspace })).filter(({ kind }) => kind === 'board');
  const id = idOf(wanted);
  const [found, ...others] = [
    ...boards.filter((one) => one.id === id),
    ...boards.filter((one) => one.title === wanted && one.id !== id),
  ];
  if (!found)
    throw new AppError('not-found', `There is no board "${wanted}". Nothing was changed. See: caravan doc list`);
  if (found.id !== id && others.length > 0) {
    throw new AppError('bad-input', `Several boards are called "${wanted}". Nothing was changed; say its id.`);
  }
  return found.id;
}
