// A made-up vault of Markdown notes in many scripts, with wikilinks, other names and headings, and what links lead where. The same for the same number.
export interface VaultFile {
  readonly path: string;
  readonly text: string;
}

export interface Vault {
  readonly files: readonly VaultFile[];
  /** The title of each file's page. */
  readonly titles: ReadonlyMap<string, string>;
  /** The files that each file links to, itself left out. */
  readonly links: ReadonlyMap<string, ReadonlySet<string>>;
  /** Other names, by file. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

interface Note {
  readonly path: string;
  readonly stem: string;
  /** Null: the file's name is the title. */
  readonly title: string | null;
  readonly alias: string | null;
  readonly heading: string;
}

/** Words of a language: titles and texts are put together from them. */
const LANGUAGES = [
  { words: ['harbour', 'signal', 'winter', 'review', 'budget', 'antenna', 'Café', 'naïve'], joint: ' ' },
  { words: ['خطة', 'الشتاء', 'اجتماع', 'الفريق', 'ميزانية', 'تقرير'], joint: ' ' },
  { words: ['תוכנית', 'חורף', 'ישיבה', 'צוות', 'תקציב', 'דוח'], joint: ' ' },
  { words: ['计划', '冬季', '会议', '团队', '预算', '报告'], joint: '' },
  { words: ['計画', '冬', 'かいぎ', 'チーム', '予算', '報告'], joint: '' },
] as const;
const FOLDERS = ['', 'Projects', 'Projects/2026', 'ملاحظات', 'הערות', '笔记', 'メモ'] as const;

/** Small, fast, and the same everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

export function makeVault(count: number, seed = 5): Vault {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const phrase = (words: number): string => {
    const { words: known, joint } = pick(LANGUAGES);
    return Array.from({ length: words }, () => pick(known)).join(joint);
  };
  const notes = Array.from({ length: count }, (_, number): Note => {
    const stem = `${phrase(2)} ${number}`;
    const folder = pick(FOLDERS);
    return {
      path: `${folder === '' ? '' : `${folder}/`}${stem}.md`,
      stem,
      title: random(3) === 0 ? `${phrase(3)} (${number})` : null,
      alias: random(4) === 0 ? `${phrase(2)} №${number}` : null,
      heading: `${phrase(2)} part`,
    };
  });
  const links = new Map<string, Set<string>>();
  const files = notes.map((note): VaultFile => {
    const out = new Set<string>();
    const lines = Array.from({ length: 6 }, (_, line) => {
      if (line % 2 === 1) return phrase(12);
      const target = pick(notes);
      if (target !== note) out.add(target.path);
      return `${line % 4 === 0 ? '- ' : ''}${phrase(4)} ${linkTo(target, note, random(5))} ${phrase(3)}`;
    });
    links.set(note.path, out);
    const front = [
      ...(note.title === null ? [] : [`title: "${note.title}"`]),
      ...(note.alias === null ? [] : ['aliases:', `  - "${note.alias}"`]),
    ];
    const head = front.length === 0 ? '' : `---\n${front.join('\n')}\ntags: [vault]\n---\n\n`;
    return { path: note.path, text: `${head}## ${note.heading}\n\n${lines.join('\n\n')}\n` };
  });
  return {
    files,
    titles: new Map(notes.map(({ path, title, stem }) => [path, title ?? stem])),
    links,
    aliases: new Map(notes.map(({ path, alias }) => [path, alias === null ? [] : [alias]])),
  };
}

function linkTo(target: Note, from: Note, way: number): string {
  switch (way) {
    case 0:
      return `[[${target.stem}]]`;
    case 1:
      return `[[${target.stem}|own words]]`;
    case 2:
      return `[[${target.stem}#${target.heading}]]`;
    case 3:
      return `[[${target.alias ?? target.title ?? target.stem}]]`;
    default: {
      const up = from.path
        .split('/')
        .slice(1)
        .map(() => '..');
      return `[by path](${encodeURI([...up, target.path].join('/')).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))})`;
    }
  }
}
