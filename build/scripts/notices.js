// Third-party notices: which packages are bundled or shipped, and the licence text of each; it writes no file.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inProject, readManifest } from './project.js';

/** @typedef {{ name: string, version: string, licence: string, home: string, text: string }} Notice */

const LICENCE_FILE = /^(licen[cs]e|copying|notice|ofl)([-.].*)?$/i;

/** The folder of the package that a file belongs to, or null. @param {string} file */
export function packageFolderOf(file) {
  const clean = file.split('?')[0]?.replaceAll('\\', '/') ?? '';
  const at = clean.lastIndexOf('/node_modules/');
  if (at < 0) return null;
  const start = at + '/node_modules/'.length;
  const parts = clean.slice(start).split('/');
  const depth = parts[0]?.startsWith('@') ? 2 : 1;
  return clean.slice(0, start) + parts.slice(0, depth).join('/');
}

/** A Vite plugin that adds to `folders` the package folder of everything that goes into a bundle. @param {Set<string>} folders @returns {import('vite').Plugin} */
export function collectPackages(folders) {
  let root = inProject();
  return {
    name: 'caravan-collect-packages',
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_options, bundle) {
      // Fonts come in through style sheets, which are no modules: their emitted files name where they came from.
      const emitted = Object.values(bundle).flatMap((file) => (file.type === 'asset' ? file.originalFileNames : []));
      for (const file of [...this.getModuleIds(), ...emitted]) {
        const folder = packageFolderOf(path.resolve(root, file.replace(/^\0+/, '')));
        if (folder !== null && existsSync(path.join(folder, 'package.json'))) folders.add(folder);
      }
    },
  };
}

/** Where Node finds `name` from `folder`, or null for an optional package that is not installed. @param {string} folder @param {string} name */
function resolveFrom(folder, name) {
  for (let at = folder; ; at = path.dirname(at)) {
    const candidate = path.join(at, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (at === path.dirname(at)) return null;
  }
}

/** The folders of every package that an installed copy holds: the dependencies and theirs. */
export function shippedPackages() {
  /** @type {Set<string>} */
  const found = new Set();
  const waiting = Object.keys(readManifest().dependencies).map((name) => ({
    from: inProject(),
    name,
    optional: false,
  }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const folder = resolveFrom(next.from, next.name);
    if (folder === null) {
      if (next.optional) continue;
      throw new Error(`${next.name} is needed by ${next.from} and is not installed. Run npm ci.`);
    }
    if (found.has(folder)) continue;
    found.add(folder);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys({ ...manifest.dependencies })) {
      waiting.push({ from: folder, name, optional: Object.hasOwn(manifest.optionalDependencies ?? {}, name) });
    }
    for (const name of Object.keys({ ...manifest.optionalDependencies })) {
      waiting.push({ from: folder, name, optional: true });
    }
  }
  return found;
}

/** @param {string} folder @returns {Notice} */
export function noticeOf(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  // `licenses`, and a licence that is an object, are forms that npm took until 2013; some small packages still have them.
  const licence =
    typeof manifest.license === 'string' ? manifest.license : (manifest.license?.type ?? manifest.licenses?.[0]?.type);
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => readFileSync(path.join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  if (typeof licence !== 'string' && texts.length === 0) {
    throw new Error(`${manifest.name} names no licence and brings no licence file; it cannot be shipped.`);
  }
  const author = typeof manifest.author === 'string' ? manifest.author : (manifest.author?.name ?? '');
  return {
    name: manifest.name,
    version: manifest.version,
    licence: licence ?? 'see text',
    home: manifest.homepage ?? '',
    text: texts.join('\n\n') || withoutFile(licence, author),
  };
}

/** What stands in place of a licence file that a package forgot. @param {string} licence @param {string} author */
function withoutFile(licence, author) {
  const by = author ? `Copyright (c) ${author}.\n\n` : '';
  const terms = inProject('build/licences', `${licence}.txt`);
  if (existsSync(terms)) return by + readFileSync(terms, 'utf8').trim();
  return `${by}Licensed under ${licence}; the package brings no licence text of its own.`;
}

/** The notices as one text, in the order of names; equal texts are not joined, so that each stands by itself. @param {Iterable<string>} folders */
export function noticesText(folders) {
  /** @type {Map<string, Notice>} */
  const notices = new Map();
  for (const folder of folders) {
    const notice = noticeOf(folder);
    notices.set(`${notice.name} ${notice.version}`, notice);
  }
  const sorted = [...notices.values()].sort(
    (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) || (a.version < b.version ? -1 : 1),
  );
  const head =
    `Caravan contains or is shipped with these ${sorted.length} packages of others. Each is under its own licence.\n` +
    `The desktop program also contains Electron and Chromium; their notices lie beside the program.\n`;
  const rule = '='.repeat(80);
  return [
    head,
    ...sorted.map(
      ({ name, version, licence, home, text }) =>
        `${rule}\n${name} ${version} - ${licence}${home ? `\n${home}` : ''}\n\n${text}\n`,
    ),
  ].join('\n');
}
