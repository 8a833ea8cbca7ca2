import { describe, expect, it } from 'vitest';
import { toBase64url } from '../../../shared/base/encoding.ts';
import { ownAddresses } from './own-addresses.ts';
import { formatPeerLink, parsePeerLink } from './peer-link-text.ts';
import { formatAddress, readAddress } from './typed-address.ts';
import type { LocalNetwork } from './discovery/local-networks.ts';

describe('an address that is typed', () => {
  it.each([
    ['192.168.43.1:4712', { host: '192.168.43.1', port: 4712 }],
    [' 10.0.0.7:1 ', { host: '10.0.0.7', port: 1 }],
    ['[FD00::2]:65535', { host: 'fd00::2', port: 65_535 }],
    ['[fe80::1%wlan0]:4712', { host: 'fe80::1%wlan0', port: 4712 }],
    ['127.0.0.1:4712', { host: '127.0.0.1', port: 4712 }],
  ])('[PE51] %s', (text, address) => {
    expect(readAddress(text)).toEqual(address);
    expect(readAddress(formatAddress(address))).toEqual(address);
  });

  it.each([
    '',
    '192.168.43.1',
    '192.168.43.1:0',
    '192.168.43.1:65536',
    '192.168.43.1:04712',
    '192.168.43.256:4712',
    '0.0.0.0:4712',
    '224.0.0.251:4712',
    '255.255.255.255:4712',
    'fd00::2:4712',
    '[::]:4712',
    '[ff02::fb]:4712',
    '[192.168.43.1]:4712',
    'laptop.local:4712',
    'http://192.168.43.1:4712',
    '192.168.43.1:4712/x',
    '192.168.43.1:4712 192.168.43.2:4712',
    '3232246529:4712',
    '0x7f.0.0.1:4712',
  ])('[PE51] refuses %s', (text) => expect(readAddress(text)).toBeNull());
});

describe('a link to a computer', () => {
  const link = {
    workspaceTag: toBase64url(new Uint8Array(16).fill(7)),
    device: '-device',
    code: 'KX4T9M2P',
    addresses: [
      { host: '192.168.43.1', port: 4712 },
      { host: 'fd00::2', port: 4712 },
    ],
  };
  const text = formatPeerLink(link);

  it('[PE52] says where, who and by which code, and nothing else', () => {
    expect(parsePeerLink(` ${text} `)).toEqual(link);
    expect(text.length).toBeLessThan(250);
  });

  it.each([
    ['another place', text.replace('peer#', 'join#')],
    ['a page', text.replace('caravan://peer', 'https://caravan.example/peer')],
    ['a part twice', `${text}&c=KX4T9M2P`],
    ['a part that is unknown', `${text}&x=1`],
    ['no code', text.replace('&c=KX4T9M2P', '')],
    ['a wrong address among them', text.replace('fd00', 'zz00')],
    ['a name for an address', text.replace('192.168.43.1', 'evil.example')],
    ['a tag that is none', text.replace(link.workspaceTag, 'short')],
    ['two fragments', `${text}#more`],
    ['far too much', `${text}${','.repeat(3_000)}`],
  ])('[PE52] refuses %s', (_what, wrong) => expect(() => parsePeerLink(wrong)).toThrow(/This is not a link/));

  it('[PE52] says of a later version what it is', () => {
    expect(() => parsePeerLink(text.replace('v=1', 'v=2'))).toThrow(/newer version/);
  });
});

it('lists the likeliest address first: a hotspot, Wi-Fi, a cable; tunnels and containers last', () => {
  const network = (name: string, address: string): LocalNetwork => ({
    ...{ name, address, prefix: 24, scope: 0, internal: name === 'lo' },
    family: address.includes(':') ? 'ipv6' : 'ipv4',
  });
  const all = [
    network('lo', '127.0.0.1'),
    network('docker0', '172.17.0.1'),
    network('enp3s0', '10.1.2.3'),
    network('wlp2s0', '192.168.1.20'),
    network('wlp2s0', 'fe80::1'),
    network('wlp2s0', 'fd12::20'),
    network('ap0', '10.42.0.1'),
    network('tun0', '10.8.0.2'),
  ];
  expect(ownAddresses(all)).toEqual(['10.42.0.1', '192.168.1.20', '10.1.2.3', 'fd12::20', '10.8.0.2', '172.17.0.1']);
});
