// What editing a cell of the table writes, and what can be chosen in it; one step of undo each. It draws nothing.
import { renameCard } from '../../../../../shared/model/board/card-commands.ts';
import { setCardField, setCardPriority, writeCardText } from '../../../../../shared/model/board/card-details.ts';
import { PRIORITIES, type Card } from '../../../../../shared/model/board/card.ts';
import type { MenuItem } from '../../../ui/Menu.svelte';
import type { BoardModel } from '../board-model.svelte.ts';
import { mergedLine } from './merged-line.ts';
import { fieldValue, priorityWords, type TableColumn } from './table-columns.ts';
import { readNumber } from './typed-number.ts';

/** What a field for words or a number begins with. */
export function textIn(card: Card, column: TableColumn): string {
  return column.kind === 'title' ? card.title : String(fieldValue(card, column) ?? '');
}

/** Keeps what was typed; null, or why it was not kept. @param base what stood there when the typing began. */
export function keepText(
  model: BoardModel,
  id: string,
  column: TableColumn,
  base: string,
  typed: string,
): string | null {
  const card = model.card(id);
  const field = column.field?.id;
  if (typed === base) return null;
  if (!card) return 'This card is not on the board any more.';
  if (column.kind === 'number') {
    const number = readNumber(typed);
    if (number === undefined) return 'This is not a number.';
    if (field !== undefined) model.actions.do((doc, origin) => setCardField(doc, id, field, number, origin));
    return null;
  }
  const text = mergedLine(base, typed.trim(), textIn(card, column));
  model.actions.do((doc, origin) => {
    if (field === undefined) renameCard(doc, id, text, origin);
    else writeCardText(doc, id, field, text, origin);
  });
  return null;
}

/** What can be chosen in a cell: a column, a priority, a choice, a person. */
export function choicesIn(
  model: BoardModel,
  card: Card,
  column: TableColumn,
  members: readonly { readonly id: string; readonly name: string }[],
): MenuItem[][] {
  const field = column.field;
  const set = (value: string | null): void => {
    if (field) model.actions.do((doc, origin) => setCardField(doc, card.id, field.id, value, origin));
  };
  const value = field && fieldValue(card, column);
  const item = (label: string, checked: boolean, run: () => void): MenuItem => ({ label, checked, run });
  switch (column.kind) {
    case 'column':
      return [
        model.board.columns.map(({ id, name }) =>
          item(name || 'Column without a name', card.column === id, () => {
            if (card.column !== id) model.moveTo([card.id], { column: id, lane: undefined, index: endOf(model, id) });
          }),
        ),
      ];
    case 'priority':
      return [
        [...PRIORITIES, null].map((one) =>
          item(one === null ? 'None' : priorityWords(one), card.priority === one, () =>
            model.actions.do((doc, origin) => setCardPriority(doc, card.id, one, origin)),
          ),
        ),
      ];
    case 'choice':
      return [
        [...(field?.choices ?? []), null].map((one) =>
          item(one === null ? 'None' : one.name || 'Choice without a name', value === (one?.id ?? null), () =>
            set(one?.id ?? null),
          ),
        ),
      ];
    case 'person':
      return [
        [...members, { id: null, name: 'Nobody' }].map(({ id, name }) =>
          item(name || 'Someone whose name has not arrived yet', value === id, () => set(id)),
        ),
      ];
    default:
      return [];
  }
}

function endOf(model: BoardModel, column: string): number {
  return model.arrangement.rows[0]?.cells.find((cell) => cell.column.id === column)?.cards.length ?? 0;
}
