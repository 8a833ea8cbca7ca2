// A relay that merges a room after every few updates: a program of its own, for tests that kill it while it merges.
import { startRelay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';

const [, , data] = process.argv;
const settings = readSettings({ flags: { data, open: true, port: 0 }, environment: {} });
const relay = await startRelay(settings, { hubLimits: { compactAfter: 0, tailEntries: 3, tailAtUnload: 1 } });
process.once('SIGTERM', () => void relay.close());
process.stdout.write(`${JSON.stringify({ event: 'listening', url: relay.url, pid: process.pid })}\n`);
