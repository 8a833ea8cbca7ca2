// Calls about words that wait in a space which their writer lost: taking them along as Markdown, and letting go of them.
import type { CallHandlers } from '../call-handlers.ts';
import { lostWords, needLostWords, releaseWords, storedDocuments } from '../lost-words.ts';

export const lostCalls = {
  async 'lost.list'(host, { workspace, space }) {
    return [...(await lostWords(host, host.workspaces.get(workspace), space)).entries];
  },
  async 'lost.export'(host, { workspace: id, space }) {
    const { name, pages } = await needLostWords(host, host.workspaces.get(id), space);
    const { exportZip } = await import('../export-markdown/export-zip.ts');
    const source = {
      spaces: [{ id: space, name, pages }],
      documents: storedDocuments(host.store),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
    const zip = await exportZip(source, name, host.clock.now());
    return { name: zip.name, base64: Buffer.from(zip.bytes).toString('base64'), pages: zip.pages };
  },
  async 'lost.release'(host, { workspace: id, space }) {
    const workspace = host.workspaces.get(id);
    const { entries } = await needLostWords(host, workspace, space);
    await releaseWords(
      host,
      workspace,
      entries.map(({ room }) => room),
    );
    return { released: entries.length };
  },
} satisfies Partial<CallHandlers>;
