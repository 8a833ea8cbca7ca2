// History of real programs: a host that was killed while a session was open, and what the commands then show.
import { readFile, writeFile } from 'node:fs/promises';
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
  test('[SG6] [SG10] [SG12] what was written before a kill -9 is a segment after the next start; the page of before comes back', async () => {
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
    const keep = async (history: object): Promise<void> => {
      const settings = path.join(data, 'settings.json');
      const known = JSON.parse(await readFile(settings, 'utf8')) as object;
      await writeFile(settings, JSON.stringify({ ...known, ...history }));
    };
    await keep({ historyDays: 30, historyBytes: 5_000_000 });

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
      history: { segments: expect.any(Number), oldest: expect.any(Number), days: 30, maxBytes: 5_000_000 },
    });
    const ofSize = String.raw`^History: \d+ editing sessions? in [\d.,]+ [kM]B, the oldest of .+; `;
    const whileItRuns = await caravan('status', '--data', data);
    expect(whileItRuns.out).toMatch(new RegExp(`${ofSize}kept for 30 days, up to 4.8 MB\\.$`, 'm'));
    const wrong = await caravan('doc', 'show', id, '--at', 'yesterday', '--data', data);
    expect([wrong.code, wrong.err]).toEqual([expect.any(Number), expect.stringContaining('is no time')]);
    expect(await again.end('SIGTERM')).toBe(0);
    await keep({ historyDays: 1, historyBytes: 0 });
    const stopped = await caravan('status', '--data', data);
    expect(stopped.out).toMatch(new RegExp(`${ofSize}kept for 1 day, not bounded by size\\.$`, 'm'));
  });
});
