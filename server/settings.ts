// The relay's settings: flag before environment before file before default, read once, frozen. Nothing else reads them.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isRegistrationKey } from '../shared/access/registration.ts';
import { AppError } from '../shared/base/app-error.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;

const settings = z.strictObject({
  /** The data folder; the store lies in `store/` below it. */
  data: z.string().min(1),
  host: z.string().min(1),
  /** 0 takes a free port. */
  port: z.int().min(0).max(65_535),
  /** Serve everybody who can connect: no access log is asked. For tests. */
  open: z.boolean(),
  /** Who may attach a workspace: who knows the registration key, or everybody who can connect. */
  registration: z.enum(['key', 'open']),
  /** Instead of the key that lies in the data folder. */
  registrationKey: z.string().refine(isRegistrationKey, 'this is no key as `caravan-relay key` prints it').optional(),
  /** Names (without port) that a Host header may carry, beside the loopback's. */
  allowedHosts: z.array(z.string().min(1)),
  /** Origins of browsers that may connect, beside this relay's own. */
  allowedOrigins: z.array(z.string().min(1)),
  logLevel: z.enum(levels),
  /** Sockets at once, of everybody together. */
  maxSockets: z.int().min(1),
  /** Sockets of one address that proves nothing; 0: as many as a device, and this computer's own without a bound of their own. */
  socketsPerAddress: z.int().min(0),
  /** Days after which history is removed; 0: never by age. */
  historyDays: z.int().min(0).max(36_500),
  /** Bytes of history beyond which the oldest is removed; 0: no bound. */
  historyBytes: z.int().min(0),
  /** Bytes of attachments of one workspace; 0: no bound. */
  blobBytes: z.int().min(0),
});

export type RelaySettings = Readonly<z.infer<typeof settings>>;
export type RelaySettingsInput = { readonly [Key in keyof RelaySettings]?: RelaySettings[Key] | undefined };

const DEFAULTS: Omit<RelaySettings, 'data'> = {
  host: '127.0.0.1',
  port: 4680,
  open: false,
  registration: 'key',
  allowedHosts: [],
  allowedOrigins: [],
  logLevel: 'info',
  maxSockets: 5_000,
  socketsPerAddress: 0,
  historyDays: 0,
  historyBytes: 8 * 1024 ** 3,
  blobBytes: 20 * 1024 ** 3,
};

const PREFIX = 'CARAVAN_RELAY_';
const LIST = (text: string): string[] => text.split(',').filter((part) => part !== '');
const VARIABLES: Readonly<Record<string, readonly [keyof RelaySettings, (text: string) => unknown]>> = {
  DATA: ['data', String],
  HOST: ['host', String],
  PORT: ['port', Number],
  OPEN: ['open', (text) => (text === '1' || text === 'true' ? true : text === '0' || text === 'false' ? false : text)],
  REGISTRATION: ['registration', String],
  REGISTRATION_KEY: ['registrationKey', String],
  ALLOWED_HOSTS: ['allowedHosts', LIST],
  ALLOWED_ORIGINS: ['allowedOrigins', LIST],
  LOG_LEVEL: ['logLevel', String],
  MAX_SOCKETS: ['maxSockets', Number],
  SOCKETS_PER_ADDRESS: ['socketsPerAddress', Number],
  HISTORY_DAYS: ['historyDays', Number],
  HISTORY_BYTES: ['historyBytes', Number],
  BLOB_BYTES: ['blobBytes', Number],
};

export interface SettingsSources {
  readonly flags: RelaySettingsInput & { readonly config?: string | undefined };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Throws `bad-input` that names the source and the setting; unknown names are errors in each of them. */
export function readSettings({ flags, environment }: SettingsSources): RelaySettings {
  const { config, ...fromFlags } = flags;
  const file = config ?? environment[`${PREFIX}CONFIG`];
  const merged = {
    ...DEFAULTS,
    ...(file === undefined ? {} : readFileSettings(file)),
    ...readEnvironment(environment),
    ...withoutUndefined(fromFlags),
  };
  const parsed = settings.safeParse(merged);
  if (!parsed.success) throw invalid('The settings cannot be used', parsed.error);
  return Object.freeze(parsed.data);
}

/** Rule RE1: a relay that asks for no ticket serves this computer only. Throws `bad-input`. */
export function requireOpenOnLoopback({ open, host }: RelaySettings): void {
  if (!open || isLoopback(host)) return;
  throw new AppError(
    'bad-input',
    `With --open the relay serves everybody who can connect, so it listens on the loopback only, not on ${host}. Nothing was started.`,
  );
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

function readFileSettings(path: string): RelaySettingsInput {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AppError('bad-input', `The configuration file ${path} cannot be read as JSON. Nothing was started.`, {
      cause,
    });
  }
  const parsed = settings.partial().safeParse(value);
  if (!parsed.success) throw invalid(`The configuration file ${path} cannot be used`, parsed.error);
  return parsed.data;
}

function readEnvironment(environment: SettingsSources['environment']): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined || name === `${PREFIX}CONFIG`) continue;
    const variable = VARIABLES[name.slice(PREFIX.length)];
    if (!variable) throw new AppError('bad-input', `${name} is not a setting of the relay. Nothing was started.`);
    found[variable[0]] = variable[1](text);
  }
  return found;
}

function withoutUndefined(values: RelaySettingsInput): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function invalid(what: string, error: z.ZodError): AppError {
  const problems = error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  return new AppError('bad-input', `${what}: ${problems.join('; ')}. Nothing was started.`);
}
