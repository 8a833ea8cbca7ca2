// Command lines and links from other programs: what is taken, and that everything else is dropped.
import { describe, expect, it } from 'vitest';
import { readJoinLink } from './deep-link.ts';
import { chooseDataFolder } from '../host/data-folder.ts';
import { defaultDataFolder, readLaunchOptions } from './launch-options.ts';

const LINK = 'caravan://join#v=1&relay=ws%3A%2F%2F127.0.0.1%3A4680&workspace=abc_-1&title=Two%20words';

describe('deep links', () => {
  it('[issue 2, item 5] takes a join link, with or without the slash that systems add', () => {
    expect(readJoinLink(LINK)).toBe(LINK);
    expect(readJoinLink(LINK.replace('join#', 'join/#'))).toBe(LINK);
    const device = LINK.replace('join', 'device');
    expect(readJoinLink(device)).toBe(device);
  });

  it('[PE52] takes a link to a colleague’s computer', () => {
    const peer =
      'caravan://peer#v=1&w=AAAAAAAAAAAAAAAAAAAAAA&d=-device&c=KX4T9M2P&a=192.168.43.1%3A4712%2C%5Bfd00%3A%3A2%5D%3A4712';
    expect(readJoinLink(peer)).toBe(peer);
    expect(readJoinLink(peer.replace('peer', 'peers'))).toBeNull();
  });

  it.each([
    'caravan://join',
    'caravan://join#',
    'caravan://join?x=1#v=1',
    'caravan://join/elsewhere#v=1',
    'caravan://me@join#v=1',
    'caravan://join:80#v=1',
    'caravan://open#v=1',
    'caravan:join#v=1',
    'https://join#v=1',
    'javascript:alert(1)',
    'caravan://join#v=1"><script>',
    'caravan://join#' + 'a'.repeat(10_000),
    '',
  ])('[issue 2, item 5] drops %s', (link) => {
    expect(readJoinLink(link)).toBeNull();
  });
});

describe('the command line', () => {
  it('reads the folder in both forms, and a link among switches', () => {
    expect(readLaunchOptions(['electron', '.', '--data', '/d', '--inspect=1', LINK], {})).toEqual({
      data: '/d',
      link: LINK,
    });
    expect(readLaunchOptions(['caravan', '--data=/d'], { CARAVAN_DATA: '/e' })).toEqual({ data: '/d', link: null });
    expect(readLaunchOptions(['caravan', '--data='], {})).toEqual({ data: null, link: null });
    expect(readLaunchOptions(['caravan', '--data'], { CARAVAN_DATA: '/e' })).toEqual({ data: '/e', link: null });
    expect(readLaunchOptions(['caravan', 'caravan://evil#x'], {})).toEqual({ data: null, link: null });
  });
});

describe('the default data folder', () => {
  it.each([
    ['linux', {}, '/home/a/.config'],
    ['linux', { XDG_DATA_HOME: '/x' }, '/home/a/.config'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/a/.config'],
    ['darwin', {}, '/home/a/Library/Application Support'],
    ['win32', { APPDATA: '/home/a/AppData/Roaming' }, '/home/a/AppData/Roaming'],
  ] as const)('is the same for Electron and the command line (%s, %j)', (platform, env, appData) => {
    expect(defaultDataFolder(platform, appData, '/home/a', env)).toBe(
      chooseDataFolder(undefined, { platform, home: '/home/a', env }),
    );
  });
});
