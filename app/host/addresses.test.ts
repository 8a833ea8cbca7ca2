// Join links and relay addresses, which come from people and from clicked links.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/base/app-error.ts';
import { formatJoinLink, parseJoinLink } from './join-link.ts';
import { httpBase, isUnprotected, parseRelayUrl } from './relay-url.ts';

const WORKSPACE = 'w'.repeat(43);

describe('relay addresses', () => {
  it.each([
    ['ws://127.0.0.1:4680', 'ws://127.0.0.1:4680'],
    ['http://127.0.0.1:4680/', 'ws://127.0.0.1:4680'],
    [' https://Relay.Example.org/caravan// ', 'wss://relay.example.org/caravan'],
    ['wss://relay.example.org:443', 'wss://relay.example.org'],
  ])('brings %s into one form', (given, expected) => {
    expect(parseRelayUrl(given)).toBe(expected);
  });

  it.each([
    '',
    'relay',
    'ftp://x',
    'ws://',
    'javascript:alert(1)',
    'wss://user:pass@x',
    'wss://x?token=1',
    'wss://x#a',
    'file:///etc',
  ])('[X10] refuses "%s" in words', (given) => {
    expect(() => parseRelayUrl(given)).toThrow(AppError);
  });

  it('knows what travels in the open', () => {
    expect(isUnprotected('ws://127.0.0.1:4680')).toBe(false);
    expect(isUnprotected('ws://relay.example.org')).toBe(true);
    expect(isUnprotected('wss://relay.example.org')).toBe(false);
    expect(httpBase('wss://relay.example.org/a')).toBe('https://relay.example.org/a');
  });
});

describe('join links', () => {
  const link = {
    relay: 'wss://relay.example.org',
    workspace: WORKSPACE,
    title: 'Ünïted & Co #1',
    invite: null,
    peer: null,
  };

  it('what was formatted is read again, also behind an https page', () => {
    const text = formatJoinLink(link);
    expect(text.startsWith('caravan://join#')).toBe(true);
    expect(parseJoinLink(`  ${text}\n`)).toEqual(link);
    expect(parseJoinLink(text.replace('caravan://join', 'https://perigee.example/join'))).toEqual(link);
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'grapheme' }), (title) => {
        const given = title.replace(/[\p{Cc}\u2028\u2029]/gu, '');
        expect(parseJoinLink(formatJoinLink({ ...link, title: given })).title).toBe(given);
      }),
    );
  });

  it('an invitation carries its id and its secret in the fragment, and can be a file', () => {
    const invite = { id: 'x-1', seed: Uint8Array.from({ length: 32 }, (_, at) => at * 7) };
    const text = formatJoinLink({ ...link, invite });
    expect(text.slice(0, text.indexOf('#'))).toBe('caravan://join');
    expect(parseJoinLink(text)).toEqual({ ...link, invite });
    expect(parseJoinLink(JSON.stringify({ caravan: 'invite', link: text }))).toEqual({ ...link, invite });
  });

  it('[AH14] without a relay it names the inviting computer: addresses of this network, never a name to look up', () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } as const;
    const addresses = [
      { host: '192.168.7.2', port: 40_123 },
      { host: 'fd00::7', port: 1 },
    ];
    const invite = { id: 'x-1', seed: new Uint8Array(32).fill(7) };
    const met = { ...link, relay: null, invite, peer: { key, meeting: new Uint8Array(32).fill(9), addresses } };
    const text = formatJoinLink(met);
    expect(parseJoinLink(text)).toEqual(met);
    const at = (said: string): string => text.replace(/at=[^&]*/, `at=${encodeURIComponent(said)}`);
    for (const said of [
      '',
      'ana.local:40123',
      '192.168.7.2',
      '192.168.7.2:0',
      '[fd00::7]',
      '1.2.3.4:1,'.repeat(5) + '1.2.3.4:1',
    ]) {
      expect(() => parseJoinLink(at(said))).toThrow(/addresses/);
    }
    expect(() => parseJoinLink(text.replace(/key=[^&]*/, 'key=AAA'))).toThrow(/key of the inviting computer/);
    expect(() => parseJoinLink(text.replace(/meeting=[^&]*&/, ''))).toThrow(/key of the workspace/);
    expect(() => parseJoinLink(text.replace(/seed=[^&]*/, 'seed=abc'))).toThrow(/secret is missing or cut/);
  });

  it('[X10] refuses everything else with a reason', () => {
    const good = formatJoinLink(link);
    const invited = formatJoinLink({ ...link, invite: { id: 'abc', seed: new Uint8Array(32) } });
    for (const [text, reason] of [
      ['', /does not begin/],
      ['http://x/#v=1', /does not begin/],
      ['caravan://other#v=1', /does not begin/],
      ['caravan://join', /does not begin/],
      ['caravan://join#', /version is missing/],
      ['caravan://join#relay=wss%3A%2F%2Fx', /version is missing/],
      [good.replace('v=1', 'v=4'), /newer version/],
      [good.replace('v=1', 'v=2'), /invite's id is missing/],
      [invited.replace('v=2', 'v=1'), /does not know its part "invite"/],
      [invited.replace(/seed=[^&]*/, 'seed=abc'), /secret is missing or cut/],
      [invited.replace(/invite=[^&]*&/, ''), /invite's id is missing or cut/],
      [`${invited}&seed=abc`, /"seed" stands there twice/],
      ['{"caravan":"device","link":"x"}', /not a saved invite/],
      ['{"caravan":"invite"', /cannot be read/],
      [`${good}&extra=1`, /does not know its part "extra"/],
      [`${good}&v=1`, /twice/],
      [good.replace(WORKSPACE, '../../etc'), /id is missing or cut/],
      [good.replace(/workspace=w+&/, ''), /id is missing or cut/],
      [good.replace(/relay=[^&]*/, 'relay=ftp%3A%2F%2Fx'), /not a relay's address/],
    ] as const) {
      expect(() => parseJoinLink(text)).toThrow(reason);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseJoinLink(`caravan://join#${text}`)).toThrow(AppError);
      }),
    );
  });
});
