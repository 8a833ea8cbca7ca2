// What is pasted or dropped at the first run: links, mails around links, files, links of one's own device, and slips.
import { expect, test } from 'vitest';
import { readInvitation } from './invitation.ts';

const PARTS = 'relay=wss%3A%2F%2Frelay.example.org&workspace=AAAAAAAAAAAAAAAAAAAAAA&title=Perigee';
const LINK = `caravan://join#v=2&${PARTS}&invite=i&seed=s`;

test('[X6] an invitation names its workspace and relay before anything is asked', () => {
  expect(readInvitation(`  ${LINK}\n`)).toEqual({
    ok: { kind: 'join', link: LINK, title: 'Perigee', relay: 'relay.example.org', single: true },
  });
  expect(readInvitation(`caravan://join#v=1&${PARTS}`)).toMatchObject({ ok: { kind: 'join', single: false } });
  const met = 'caravan://join#v=3&at=192.168.7.2%3A40123&key=k&meeting=m&workspace=w&invite=i&seed=s&title=Perigee';
  expect(readInvitation(met)).toEqual({ ok: { kind: 'join', link: met, title: 'Perigee', relay: null, single: true } });
});

test('[X6] the link is found in a mail and in a file', () => {
  expect(readInvitation(`Hello,\nhere it is: <${LINK}>.\nSee you`)).toMatchObject({ ok: { link: LINK } });
  expect(readInvitation(JSON.stringify({ caravan: 'invite', link: LINK }))).toMatchObject({ ok: { link: LINK } });
});

test('[X6] a link of my other device is told apart', () => {
  expect(readInvitation(`caravan://device#v=1&${PARTS}`)).toMatchObject({ ok: { kind: 'device', title: 'Perigee' } });
});

test('[X10] slips are named', () => {
  expect(readInvitation('  ')).toEqual({ problem: 'empty' });
  expect(readInvitation('hello')).toEqual({ problem: 'not-a-link' });
  expect(readInvitation('{"caravan":"invite"}')).toEqual({ problem: 'not-a-link' });
  expect(readInvitation('{broken')).toEqual({ problem: 'not-a-link' });
  expect(readInvitation('caravan://join#v=2')).toEqual({ problem: 'wrong-kind' });
  expect(readInvitation('https://example.org/#a=b')).toEqual({ problem: 'wrong-kind' });
});

test('what stands in the relay\u2019s place need not be an address', () => {
  expect(readInvitation('caravan://join#v=2&relay=%25%25&workspace=w')).toMatchObject({ ok: { relay: '%%' } });
});
