// The choice of a shell as a table of facts: what is started, and what a person reads about it.
import { describe, expect, it } from 'vitest';
import { decideShell, type ShellFacts } from './choose-shell.ts';

/** In the zone of this computer, wherever that is. */
const AT = new Date(2026, 4, 4, 9, 30).getTime();
const facts = (given: Partial<ShellFacts>): ShellFacts => ({
  wanted: 'auto',
  screen: true,
  runtime: { kind: 'missing' },
  running: null,
  ...given,
});

describe('[issue 2, item 5] which shell', () => {
  it('is the one that was asked for, when it is a browser or none', () => {
    for (const wanted of ['browser', 'none'] as const) {
      expect(decideShell(facts({ wanted, screen: false }))).toEqual({ kind: wanted, words: [] });
      expect(decideShell(facts({ wanted, runtime: { kind: 'there' } }))).toEqual({ kind: wanted, words: [] });
    }
  });

  it('is Electron where its runtime is and a screen; it is fetched only then', () => {
    expect(decideShell(facts({ runtime: { kind: 'there' } }))).toEqual({ kind: 'electron', words: [] });
    expect(decideShell(facts({}))).toEqual({ kind: 'fetch' });
    expect(decideShell(facts({ screen: false }))).toEqual({ kind: 'browser', words: [] });
    expect(decideShell(facts({ screen: false, runtime: { kind: 'there' } }))).toEqual({ kind: 'browser', words: [] });
  });

  it('is a browser when the runtime cannot be had, and the reason is said', () => {
    const failed = decideShell(facts({ runtime: { kind: 'failed', reason: 'getaddrinfo ENOTFOUND github.com' } }));
    expect(failed).toEqual({
      kind: 'browser',
      words: [
        "Electron's runtime is not on this computer and could not be fetched: getaddrinfo ENOTFOUND github.com.",
        'The same app opens in a browser window instead. It needs nothing else.',
      ],
    });
    expect(
      decideShell(facts({ runtime: { kind: 'tried-before', at: AT, reason: 'Nothing arrived for 20 seconds.' } })),
    ).toMatchObject({
      kind: 'browser',
      words: [
        "Electron's runtime is not on this computer. Fetching it failed on 4 May 2026 at 09:30 (Nothing arrived for 20 seconds) and is tried again a day after that.",
        expect.stringContaining('browser'),
      ],
    });
  });

  it('joins what runs on the folder already, where its windows are', () => {
    for (const shell of ['browser', 'none'] as const) {
      const choice = decideShell(facts({ runtime: { kind: 'there' }, running: { pid: 7, shell } }));
      expect(choice).toMatchObject({ kind: 'browser', words: [expect.stringContaining('end that one first')] });
    }
    const electron = { pid: 7, shell: 'electron' } as const;
    expect(decideShell(facts({ runtime: { kind: 'there' }, running: electron })).kind).toBe('electron');
    expect(decideShell(facts({ running: electron }))).toEqual({ kind: 'browser', words: [] });
  });

  it('insisting on Electron gives Electron or a reason, never a browser', () => {
    const insist = (given: Partial<ShellFacts>): unknown => decideShell(facts({ wanted: 'electron', ...given }));
    const refused = (...texts: string[]): unknown => ({
      kind: 'refused',
      message: expect.stringMatching(new RegExp(texts.join('.*'))),
    });
    expect(insist({ runtime: { kind: 'there' } })).toEqual({ kind: 'electron', words: [] });
    expect(insist({})).toEqual({ kind: 'fetch' });
    expect(insist({ runtime: { kind: 'failed', reason: 'no way' } })).toEqual(
      refused('could not be fetched: no way', 'Nothing was changed', '--shell browser', 'install-electron'),
    );
    expect(insist({ screen: false })).toEqual(refused('no screen', 'runtime is not on this computer either'));
    expect(insist({ screen: false, runtime: { kind: 'there' } })).toEqual(refused('no screen', 'prints an address'));
    expect(insist({ runtime: { kind: 'there' }, running: { pid: 7, shell: 'browser' } })).toEqual(
      refused('process 7', 'in a browser', 'End that one first'),
    );
  });
});
