// Settings of the relay: the order of their sources, and what is refused.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../tests/support/temp-folder.ts';
import { readSettings, requireOpenOnLoopback } from './settings.ts';

const flags = { data: '/data' };

describe('settings', () => {
  test('[RE5] a flag comes before the environment, the environment before the file, the file before the default', async () => {
    const config = join(await temporaryFolder(), 'relay.json');
    writeFileSync(config, JSON.stringify({ port: 1, host: '127.0.0.2', logLevel: 'warn', data: '/file' }));
    const settings = readSettings({
      flags: { config, port: 3 },
      environment: { CARAVAN_RELAY_PORT: '2', CARAVAN_RELAY_HOST: '127.0.0.3', PATH: '/bin' },
    });
    expect(settings).toMatchObject({ port: 3, host: '127.0.0.3', logLevel: 'warn', data: '/file', open: false });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(readSettings({ flags: {}, environment: { CARAVAN_RELAY_CONFIG: config } }).port).toBe(1);
  });

  test('[RE5] lists, numbers and switches in the environment are read as such', () => {
    const environment = {
      CARAVAN_RELAY_DATA: '/d',
      CARAVAN_RELAY_OPEN: '1',
      CARAVAN_RELAY_ALLOWED_ORIGINS: 'https://a.example,https://b.example',
      CARAVAN_RELAY_MAX_SOCKETS: '7',
    };
    expect(readSettings({ flags: {}, environment })).toMatchObject({
      open: true,
      allowedOrigins: ['https://a.example', 'https://b.example'],
      maxSockets: 7,
    });
  });

  test('[RE6] unknown and impossible settings are errors that name them', async () => {
    const config = join(await temporaryFolder(), 'relay.json');
    const read = (text: string) => {
      writeFileSync(config, text);
      return () => readSettings({ flags: { ...flags, config }, environment: {} });
    };
    expect(read('{"prot": 1}')).toThrow('prot');
    expect(read('{"port": "x"}')).toThrow('port');
    expect(read('no json')).toThrow('cannot be read');
    expect(() => readSettings({ flags, environment: { CARAVAN_RELAY_PROT: '1' } })).toThrow('CARAVAN_RELAY_PROT');
    expect(() => readSettings({ flags, environment: { CARAVAN_RELAY_PORT: 'x' } })).toThrow('port');
    expect(() => readSettings({ flags, environment: { CARAVAN_RELAY_OPEN: 'maybe' } })).toThrow('open');
    expect(() => readSettings({ flags: {}, environment: {} })).toThrow('data');
  });

  test.each(['0.0.0.0', '192.168.1.2', '::', 'example.org', '127.0.0.1.example.org'])(
    '[RE1] --open refuses to listen on %s',
    (host) => {
      expect(() =>
        requireOpenOnLoopback(readSettings({ flags: { ...flags, open: true, host }, environment: {} })),
      ).toThrow();
    },
  );

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('[RE1] --open listens on %s', (host) => {
    requireOpenOnLoopback(readSettings({ flags: { ...flags, open: true, host }, environment: {} }));
  });
});
