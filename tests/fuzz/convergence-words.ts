// What was typed in a scenario and what became of it: the book that the verdict is read from. It touches no document.
import { charactersIn, FIRST_CHARACTER, LAST_CHARACTER } from './typed-characters.ts';

export class WordBook {
  #next = FIRST_CHARACTER;
  readonly #room = new Map<string, string>();
  readonly #stored = new Set<string>();
  readonly #deleted = new Set<string>();
  /** Who brought a character back. */
  readonly #restored = new Map<string, Set<object>>();
  /** What was put straight into a page, by a program that knows nothing of blocks. */
  readonly loose = new Set<string>();

  /** Characters that were never typed before; fewer, or '', when there are none left. */
  take(room: string, length: number): string {
    let text = '';
    for (let count = 0; count < length && this.#next <= LAST_CHARACTER; count += 1) {
      const character = String.fromCharCode(this.#next++);
      this.#room.set(character, room);
      text += character;
    }
    return text;
  }

  /** One edit of somebody's own: what stood there before and after it. */
  edited(by: object, before: string, after: string): void {
    const [had, has] = [charactersIn(before), charactersIn(after)];
    for (const character of had.keys()) if (!has.has(character)) this.#deleted.add(character);
    for (const [character, count] of has) {
      if (count <= (had.get(character) ?? 0)) continue;
      this.#restored.set(character, (this.#restored.get(character) ?? new Set()).add(by));
    }
  }

  /** All that stands in the text is durable on a host. */
  stored(text: string): void {
    for (const character of charactersIn(text).keys()) this.#stored.add(character);
  }

  /** What is wrong with the text that a room came to; [] when every word is there once. */
  judge(room: string, text: string): string[] {
    const present = charactersIn(text);
    const faults: string[] = [];
    for (const [character, where] of this.#room) {
      if (where !== room) continue;
      const count = present.get(character) ?? 0;
      const name = character.charCodeAt(0).toString(16);
      if (count === 0 && this.#stored.has(character) && !this.#deleted.has(character)) faults.push(`lost ${name}`);
      // Typing counts as the first to bring it. Two who undo one deletion while apart both bring the text back (BI-limits).
      if (count > Math.max(1, this.#restored.get(character)?.size ?? 0)) faults.push(`${String(count)} times ${name}`);
    }
    for (const character of present.keys()) {
      if (this.#room.get(character) !== room)
        faults.push(`${character.charCodeAt(0).toString(16)} was typed elsewhere`);
    }
    return faults;
  }
}
