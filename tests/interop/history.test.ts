// History of real programs: a host that was killed while a session was open, and what the commands then show.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HostBench } from '../support/host.ts';
import { caravan, killLeftovers, openHost } from '../support/host-process.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

describe('history', () => {
  test('[SG6] [SG10] what was written before a kill -9 is a segment after the next start; the page of before comes back', async () => {
    const data = await bench.folder();
    const vault = await bench.folder();
    await writeFile(path.join(vault, 'Harbour.md'), '# Harbour\n\nfour little words here\n');
    const run = async (...args: string[]): Promise<unknown> => {
      const ran = await caravan(...args, '--data', data, '--json');
      // What takes longer than a moment tells how far it is on stderr.
      expect(ran.code, ran.err).toBe(0);
      return ran.json();
    };
    await run('init', '--name', 'Ana', '--workspace', 'Perigee');
    const host = await openHost(data);
    await run('import', 'markdown', vault, '--space', 'Everyone');
    const before = new Date();
    await writeFile(path.join(vault, 'Harbour.md'), '# Harbour\n\nchanged\n');
    await run('import', 'markdown', vault, '--space', 'Everyone');
    host.child.kill('SIGKILL');
    await host.ended;

    const again = await openHost(data);
    const documents = (await run('doc', 'list')) as { id: string; title: string }[];
    const { id } = documents.find(({ title }) => title === 'Harbour')!;
    let entries: { words: number; device: string; member: string }[] = [];
    for (let tries = 0; entries.length === 0 && tries < 20; tries += 1) {
      entries = (await run('doc', 'history', id)) as typeof entries;
    }
    expect(entries).toHaveLength(1);
    expect(entries[0]!.words).toBeGreaterThanOrEqual(5);
    expect(entries[0]!.device).not.toBe('');
    expect(entries[0]!.member).not.toBe('');
    expect(await run('doc', 'show', id)).toMatchObject({ content: expect.stringContaining('changed') });
    const past = await run('doc', 'show', id, '--at', before.toISOString());
    expect(past).toMatchObject({
      content: expect.stringContaining('four little words here'),
      history: { complete: true },
    });
    expect((await run('status')) as unknown).toMatchObject({
      history: { segments: expect.any(Number), oldest: expect.any(Number), days: 0, maxBytes: 1024 ** 3 },
    });
    const wrong = await caravan('doc', 'show', id, '--at', 'yesterday', '--data', data);
    expect([wrong.code, wrong.err]).toEqual([expect.any(Number), expect.stringContaining('is no time')]);
    expect(await again.end('SIGTERM')).toBe(0);
  });
});
