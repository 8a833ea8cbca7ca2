// A relay's HTTP side: is it well, and its copy of a workspace's membership log. The documents go over the link, not here.
import { z } from 'zod';
import { AppError } from '../../shared/base/app-error.ts';
import { httpBase, type RelayUrl } from './relay-url.ts';

const PATIENCE = 10_000;
/** A log of LOG_LIMIT records would be larger; no relay of this version serves more than this. */
const LARGEST_ANSWER = 64 * 1024 * 1024;
const log = z.object({ records: z.array(z.string()) });
const health = z.object({ status: z.string() });

export interface RelayClient {
  /** Rejects with `unreachable` when nobody answers, `unsupported` when it is not a Caravan relay. */
  check(): Promise<void>;
  /** The relay's records, or null when it does not know the workspace. */
  readLog(workspace: string): Promise<readonly string[] | null>;
  /** Appends; `conflict` carries what the relay has by now. */
  appendLog(workspace: string, records: readonly string[]): Promise<AppendOutcome>;
}

export type AppendOutcome =
  | { readonly kind: 'appended' }
  | { readonly kind: 'conflict'; readonly records: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

export function relayClient(relay: RelayUrl): RelayClient {
  const base = httpBase(relay);

  async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, { ...init, redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
      return { status: response.status, body: await readBody(response) };
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw unreachable(relay, error);
    }
  }

  return {
    async check() {
      const { status, body } = await ask('/healthz');
      if (!health.safeParse(body).success || (status !== 200 && status !== 503)) throw notARelay(relay);
      if (status === 503) {
        throw new AppError(
          'unreachable',
          `The relay at ${relay} answers, but says that it is not well. Everything is kept on this computer. Ask whoever runs it, then try again.`,
        );
      }
    },
    async readLog(workspace) {
      const { status, body } = await ask(`/v1/log/${workspace}`);
      if (status === 404) return null;
      const read = log.safeParse(body);
      if (status !== 200 || !read.success) throw notARelay(relay);
      return read.data.records;
    },
    async appendLog(workspace, records) {
      const { status, body } = await ask(`/v1/log/${workspace}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ records }),
      });
      if (status >= 200 && status < 300) return { kind: 'appended' };
      const read = log.safeParse(body);
      if (status === 409 && read.success) return { kind: 'conflict', records: read.data.records };
      return { kind: 'refused', reason: refusalIn(body) ?? `it answered ${status}` };
    },
  };
}

async function readBody(response: Response): Promise<unknown> {
  if (Number(response.headers.get('content-length') ?? 0) > LARGEST_ANSWER)
    throw new TypeError('the answer is too large');
  const text = await response.text();
  if (text.length > LARGEST_ANSWER) throw new TypeError('the answer is too large');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refusalIn(body: unknown): string | null {
  const said = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) }).safeParse(body);
  if (!said.success) return null;
  return (typeof said.data.error === 'string' ? said.data.error : said.data.error.message).slice(0, 300);
}

/** No answer came: nothing here was lost by it. */
export function unreachable(relay: RelayUrl, cause?: unknown): AppError {
  return new AppError(
    'unreachable',
    `The relay at ${relay} does not answer. Everything is kept on this computer. Check the address and that the relay is running, then try again.`,
    { cause },
  );
}

function notARelay(relay: RelayUrl): AppError {
  return new AppError(
    'unsupported',
    `What answers at ${relay} is not a Caravan relay that this version knows. Nothing was changed. Check the address.`,
  );
}
