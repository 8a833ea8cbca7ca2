// How one wants to be notified: it follows its person, and is read whatever a device of theirs may hold.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { notificationsOf } from '../document/roots.ts';
import { readWishes, writeWishes, type NotificationWishes } from './notifications.ts';
import { createPersonal } from './personal.ts';

const USUAL: NotificationWishes = {
  on: true,
  off: new Set(),
  quiet: null,
  hide: 'nothing',
  timeLead: 'hour',
  dayLead: 'before',
  spaces: new Map(),
};

function begun(): Y.Doc {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  return doc;
}

it('[PS15] what is said is read again, what is so already is not written, and the usual is not kept', () => {
  const doc = begun();
  writeWishes(doc, { on: false, hide: 'all', quiet: { from: 1_320, to: 420 }, reason: { reason: 'post', on: false } });
  writeWishes(doc, { space: { space: 'everyone', level: 'mentions' }, timeLead: 'at', dayLead: 'never' });
  expect(readWishes(doc)).toEqual({
    on: false,
    off: new Set(['post']),
    quiet: { from: 1_320, to: 420 },
    hide: 'all',
    timeLead: 'at',
    dayLead: 'never',
    spaces: new Map([['everyone', 'mentions']]),
  });
  const before = Y.encodeStateVector(doc);
  writeWishes(doc, { on: false, quiet: { from: 1_320, to: 420 }, space: { space: 'everyone', level: 'mentions' } });
  expect(Y.encodeStateVector(doc)).toEqual(before);
  writeWishes(doc, { on: true, hide: 'nothing', quiet: null, reason: { reason: 'post', on: true } });
  writeWishes(doc, { space: { space: 'everyone', level: null }, timeLead: 'hour', dayLead: 'before' });
  expect(readWishes(doc)).toEqual(USUAL);
  expect([...notificationsOf(doc).keys()]).toEqual([]);
});

it('[PS15] what is of another form counts as not said', () => {
  const doc = begun();
  const stored = notificationsOf(doc);
  stored.set('on', 'no');
  stored.set('quiet', { from: 600, to: 600 });
  stored.set('hide', 7);
  stored.set('off/../x', true);
  stored.set('off/post', 'yes');
  stored.set('space/a/b', 'mute');
  stored.set('space/team', 'loud');
  stored.set('timeLead', new Y.Map());
  expect(readWishes(doc)).toEqual(USUAL);
  expect(readWishes(new Y.Doc())).toEqual(USUAL);
  for (const quiet of [{ from: -1, to: 5 }, { from: 1.5, to: 5 }, { from: 1_440, to: 5 }, [1, 2], 'night']) {
    stored.set('quiet', quiet);
    expect(readWishes(doc).quiet).toBeNull();
  }
});
