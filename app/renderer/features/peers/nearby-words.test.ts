import { expect, it } from 'vitest';
import { lookingWords } from '../../../contract/peer-words.ts';
import { LOOKING, type PeerEntry } from '../../../contract/peers.ts';
import { inOrder, nearbyWords, spelled, timeLeft, whoseWords } from './nearby-words.ts';

const at = new Date(2026, 10, 29, 9, 31).getTime();
const bo: PeerEntry = {
  ...{ device: 'd', name: 'Bo’s ThinkPad', member: 'm', memberName: 'Bo', me: false, state: 'linked', since: at },
  ...{ address: '192.168.1.7:4712', byCode: false, why: null },
};

it('says of a computer whose it is, since when, and by which path', () => {
  expect(nearbyWords(bo, at)).toEqual({
    ...{ who: 'Bo', computer: 'Bo’s ThinkPad', state: 'Linked since 09:31' },
    detail: 'on this network, 192.168.1.7',
  });
  expect(nearbyWords({ ...bo, address: '[fe80::1%wlan0]:4712' }, at).detail).toBe('on this network, fe80::1');
  expect(nearbyWords({ ...bo, byCode: true, address: null }, at).detail).toBe('by code');
  expect(nearbyWords({ ...bo, state: 'refused', why: 'It is a guest’s.' }, at).detail).toBe('It is a guest’s.');
  const stopped = { ...bo, state: 'seen', why: 'This end is stopping.' } as const;
  expect(nearbyWords(stopped, at)).toMatchObject({
    state: 'Not linked since 09:31',
    detail: 'It does not answer now.',
  });
  expect(nearbyWords({ ...bo, memberName: '', name: '' }, at)).toMatchObject({
    ...{ who: 'Someone whose name has not arrived', computer: 'laptop' },
  });
  expect(whoseWords({ ...bo, me: true, name: '' })).toBe('your other computer');
});

it('says how long a code holds, and spells it for whoever listens', () => {
  expect([timeLeft(at + 581_000, at), timeLeft(at + 999, at), timeLeft(at - 5, at)]).toEqual(['9:41', '0:01', '0:00']);
  expect(spelled('KX4T-9M2P')).toBe('K X 4 T , 9 M 2 P');
});

it('shows the linked ones first', () => {
  const states = ['refused', 'seen', 'linked', 'connecting'] as const;
  const sorted = inOrder(states.map((state, index) => ({ ...bo, device: `${index}`, state })));
  expect(sorted.map(({ state }) => state)).toEqual(['linked', 'connecting', 'seen', 'refused']);
});

it('says of every state of looking what is so, and of those that find nobody what to do', () => {
  for (const looking of LOOKING) {
    const words = lookingWords({ discover: true, looking, closed: false, peers: [] });
    expect(words.title.length).toBeGreaterThan(5);
    if (looking === 'quiet' || looking === 'blocked') expect(words.more).toMatch(/connect by code/);
  }
  expect(lookingWords({ discover: true, looking: 'blocked', closed: false, peers: [] }).title).toBe(
    'This network lets no announcements through',
  );
});
