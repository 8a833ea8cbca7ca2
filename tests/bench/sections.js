// The sections of the benchmark: what each measures, on which servers, and how its figures are called. No goal is judged here.
import { measureFanOut } from './fan-out.js';
import { measureHostile } from './hostile.js';
import { measureKills } from './kill.js';
import { measureRooms } from './rooms.js';
import { measureSync } from './sync.js';
import { measureTrace, traceIsThere } from './trace.js';

/**
 * @typedef {{ folder: string, scale: number }} MeasureOptions a folder that is removed afterwards; 1, or less for a quick look
 * @typedef {Record<string, number | null>} Figures null: this server cannot do it
 * @typedef {(server: import('./servers.js').Server, options: MeasureOptions) => Promise<Figures>} Measure
 * @typedef {'ms' | 'us' | 'per-second' | 'MB' | 'kB' | 'count' | 'percent' | 'ratio'} Unit
 * @typedef {{ id: string, title: string, measure: Measure, rows: Readonly<Record<string, readonly [string, Unit]>>, missing?: () => string | null }} Section
 */

/** @type {readonly Section[]} */
export const SECTIONS = Object.freeze([
  {
    id: 'fan-out',
    title: 'Fan-out: one types, 50 have the room open',
    measure: measureFanOut,
    rows: {
      p50: ['400 a second: typed to received, p50', 'ms'],
      p95: ['  p95', 'ms'],
      cpu: ['  processor time of the server per delivery', 'us'],
      burst: ['4,000 at once: deliveries', 'per-second'],
      memory: ['  memory of the server', 'MB'],
    },
  },
  {
    id: 'rooms',
    title: '2,000 rooms, two clients in each',
    measure: measureRooms,
    rows: {
      start: ['memory of the server before', 'MB'],
      sockets: ['a socket for each room and client: updates', 'per-second'],
      socketsCpu: ['  processor time of the server per update', 'us'],
      socketsMemory: ['  memory of the server at the end', 'MB'],
      left: ['  10 s after all have left: above the start', 'MB'],
      link: ['one link for each client: updates', 'per-second'],
      linkCpu: ['  processor time of the server per update', 'us'],
      linkMemory: ['  memory of the server at the end', 'MB'],
      linkLeft: ['  10 s after all have left: above the start', 'MB'],
    },
  },
  {
    id: 'sync',
    title: '2,000 documents, 99 MB',
    measure: measureSync,
    rows: {
      cold: ['all of them over a socket each', 'ms'],
      coldMemory: ['  memory of the server, at most', 'MB'],
      coldLink: ['all of them over one link', 'ms'],
      coldLinkMemory: ['  memory of the relay, at most', 'MB'],
      host: ['a new host fetches and stores all of them over one link', 'ms'],
      hostMemory: ['  memory of the host, at most', 'MB'],
      catchUp: ['10 of 2,000 changed: caught up after', 'ms'],
      catchUpBytes: ['  on the wire, both ways', 'kB'],
      catchUpMessages: ['  messages, both ways', 'count'],
      catchUpMemory: ['  memory of the server, at most', 'MB'],
    },
  },
  {
    id: 'kill',
    title: 'Lost of what another client had received, or was acknowledged',
    measure: measureKills,
    rows: {
      kill1000: ['kill -9 at 1,000 updates a second', 'percent'],
      kill8000: ['kill -9 at 8,000 updates a second', 'percent'],
      term1000: ['SIGTERM at 1,000 updates a second', 'percent'],
      term8000: ['SIGTERM at 8,000 updates a second', 'percent'],
    },
  },
  {
    id: 'trace',
    title: 'The automerge-paper trace: 259,778 updates in one document',
    measure: measureTrace,
    missing: traceIsThere,
    rows: {
      taken: ['taken in', 'per-second'],
      memory: ['memory of the server then', 'MB'],
      most: ['  at most', 'MB'],
      load: ['a new client has it, after a restart of the server', 'ms'],
      merged: ['  of which applying the merged update', 'ms'],
      loadRatio: ['  the first in terms of the second', 'ratio'],
      coldMemory: ['  memory of the server then', 'MB'],
    },
  },
  {
    id: 'hostile',
    title: 'Under attack: typed to shown at another honest client, less what either end waited for a processor',
    measure: measureHostile,
    rows: {
      HB04p50: ['[HB04] headers byte by byte over 400 connections, p50', 'ms'],
      HB04worst: ['  worst', 'ms'],
      HB10p50: ['[HB10] millions of objects in 30 MB or less, p50', 'ms'],
      HB10worst: ['  worst', 'ms'],
      HB13p50: ['[HB13] 15,000 updates that never fit, p50', 'ms'],
      HB13worst: ['  worst', 'ms'],
      HB14p50: ['[HB14] 5,000 costly questions, p50', 'ms'],
      HB14worst: ['  worst', 'ms'],
      HB26p50: ['[HB26] 6,000 costly questions over 150 sockets, p50', 'ms'],
      HB26worst: ['  worst', 'ms'],
      HB29p50: ['[HB29] letters that take hours to merge, p50', 'ms'],
      HB29worst: ['  worst', 'ms'],
    },
  },
]);
