// The membership log as people read it: every verb as a sentence, with names where they are known and without where they are not.
import { describe, expect, it } from 'vitest';
import { LogWriter } from '../../tests/support/log-writer.ts';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import { evaluateLog } from '../../shared/access/membership-log.ts';
import { logSentence, type LogNames } from '../contract/log-sentences.ts';
import { logEntry } from '../contract/access.ts';
import { logEntries } from './log-entries.ts';
import { addedDevices, logFacts } from './log-facts.ts';

async function sentences(log: LogWriter, names: LogNames): Promise<string[]> {
  const evaluated = await evaluateLog(log.records);
  if (!evaluated.ok) throw new Error(evaluated.reason);
  const { records, membership } = evaluated;
  const added = addedDevices(records, membership.keys);
  const entries = logEntries(records, logFacts(records, added), added);
  // Nothing leaves the host that its own contract would refuse.
  for (const entry of entries) logEntry.parse(entry);
  return entries.map((entry) => logSentence(entry, names));
}

describe('the log as sentences', () => {
  it('says every verb of version 2 with who, whom and where', async () => {
    const log = new LogWriter();
    const ana = await log.create();
    const harbour = await log.space(ana, 'open');
    const cellar = await log.space(ana);
    const bo = await log.join(ana, 'member');
    const cy = await log.join(ana, 'guest', [{ space: harbour, role: 'guest' }], Date.UTC(2026, 11, 3));
    const laptop = await createDeviceKey();
    await log.add(bo.key, await log.deviceBody(bo, laptop));
    await log.add(bo.key, { verb: 'device.remove', device: laptop.id });
    const { invite } = await log.invite(ana, 'viewer');
    await log.add(ana.key, { verb: 'invite.revoke', invite });
    await log.add(bo.key, { verb: 'space.grant', space: harbour, member: bo.member, role: 'member', until: null });
    await log.add(ana.key, { verb: 'space.grant', space: cellar, member: bo.member, role: 'viewer', until: null });
    await log.add(ana.key, { verb: 'space.revoke', space: cellar, member: bo.member });
    await log.add(bo.key, { verb: 'space.revoke', space: harbour, member: bo.member });
    await log.add(ana.key, { verb: 'document.purge', space: harbour, document: 'page-of-old' });
    await log.add(ana.key, { verb: 'space.archive', space: cellar });
    await log.add(ana.key, { verb: 'relay.set', key: null, url: 'wss://relay.example' });
    await log.add(ana.key, { verb: 'relay.set', key: null, url: null });
    await log.add(ana.key, { verb: 'member.role', member: bo.member, role: 'admin' });
    await log.add(cy.key, { verb: 'member.remove', member: cy.member });
    await log.add(ana.key, { verb: 'owner.transfer', member: bo.member });
    await log.add(bo.key, { verb: 'member.role', member: ana.member, role: 'viewer' });
    await log.add(bo.key, { verb: 'member.remove', member: ana.member });
    const people = new Map([
      [ana.member, 'Ana'],
      [bo.member, 'Bo'],
      [cy.member, 'Cy'],
    ]);
    const spaces = new Map([
      [harbour, 'Harbour'],
      [cellar, 'Cellar'],
    ]);
    const names: LogNames = {
      me: bo.member,
      member: (id) => people.get(id) ?? '',
      space: (id) => spaces.get(id) ?? '',
      device: (_member, id) => (id === laptop.id ? 'train laptop' : ''),
      document: () => '',
      day: (at) => `day ${(at - Date.UTC(2026, 11, 1)) / 86_400_000 + 1} of the caller`,
    };
    expect(await sentences(log, names)).toEqual([
      'Ana started this workspace.',
      'Ana made the open space “Harbour”.',
      'Ana made the space (by invitation) “Cellar”.',
      'Ana invited a member into the workspace.',
      'Bo (you) joined with an invite.',
      'Ana invited a guest into the space “Harbour”, until day 3 of the caller.',
      'Cy joined with an invite.',
      'Bo (you) added the computer “train laptop” to their computers.',
      'Bo (you) removed the computer “train laptop” from their computers.',
      'Ana invited a viewer into the workspace.',
      'Ana took back an invite.',
      'Bo (you) entered the space “Harbour” as a member.',
      'Ana let Bo (you) into the space “Cellar” as a viewer.',
      'Ana took Bo (you) out of the space “Cellar”.',
      'Bo (you) left the space “Harbour”.',
      'Ana purged a document (page-of-) from the space “Harbour”.',
      'Ana archived the space “Cellar”.',
      'Ana set the relay to wss://relay.example.',
      'Ana took the relay away.',
      'Ana made Bo (you) an admin.',
      'Cy left the workspace.',
      'Ana handed the workspace over to Bo (you), who is its owner now.',
      'Bo (you) made Ana a viewer.',
      'Bo (you) removed Ana from the workspace.',
    ]);
  });

  it('reads a log of version 1, and names what has no name by the beginning of its id', async () => {
    const log = new LogWriter();
    const key = await createDeviceKey();
    await log.add(key, { verb: 'workspace.create', device: key.publicKey, nonce: 'n1' }, 1);
    await log.add(key, { verb: 'space.create', space: 'space-one', visibility: 'open' }, 1);
    const second = await createDeviceKey();
    await log.add(second, { verb: 'member.join', device: second.publicKey, nonce: 'n2' }, 1);
    const names = { me: null, member: () => '', space: () => '', device: () => '', document: () => '', day: () => '' };
    const [first = '', space, join] = await sentences(log, names);
    expect(first).toMatch(/^Somebody without a name here \([\w-]{8}\) started this workspace\.$/);
    expect(space).toContain('made the open space that has no name here (space-on).');
    expect(join).toMatch(/ joined\.$/);
  });

  it('names a verb of a later version as it is', () => {
    const entry = { hash: 'h', at: 0, actor: null, device: 'd', verb: 'tea.brew' };
    const names = { me: null, member: () => '', space: () => '', device: () => '', document: () => '', day: () => '' };
    expect(logSentence(entry, names)).toBe('Somebody recorded something that this version does not know (tea.brew).');
  });
});
