// What the relay is to reach, as data: each goal is a comparison within one run, so that the machine's day matters little.

/**
 * @typedef {Readonly<Record<string, Readonly<Record<string, number | null>>>>} Measured figures by server
 * @typedef {{ section: string, row: string, text: string, met: (measured: Measured) => boolean | null }} Goal null: not measured
 */

/** @param {Measured} measured @param {string} server @param {string} row */
const of = (measured, server, row) => measured[server]?.[row] ?? Number.NaN;

/** @param {number} value @param {boolean} met */
const known = (value, met) => (Number.isNaN(value) ? null : met);

/** @param {string} section @param {string} row @param {number} most @param {string} unit @returns {Goal} */
const atMost = (section, row, most, unit) => ({
  section,
  row,
  text: `at most ${most} ${unit}`.trim(),
  met: (measured) => known(of(measured, 'caravan', row), of(measured, 'caravan', row) <= most),
});

/** @param {string} section @param {string} row @param {number} factor @param {string} other @param {string} otherRow @param {string} name @returns {Goal} */
const atMostTimes = (section, row, factor, other, otherRow, name) => ({
  section,
  row,
  text: `at most ${factor} of ${name}`,
  met: (measured) => {
    const ratio = of(measured, 'caravan', row) / of(measured, other, otherRow);
    return known(ratio, ratio <= factor);
  },
});

/** @param {string} section @param {string} row @param {number} factor @param {string} other @param {string} otherRow @param {string} name @returns {Goal} */
const atLeastTimes = (section, row, factor, other, otherRow, name) => ({
  section,
  row,
  text: `at least ${factor} of ${name}`,
  met: (measured) => {
    const ratio = of(measured, 'caravan', row) / of(measured, other, otherRow);
    return known(ratio, ratio >= factor);
  },
});

/** @type {readonly Goal[]} */
export const GOALS = Object.freeze([
  atMostTimes('fan-out', 'p50', 1.5, 'bare', 'p50', 'bare ws'),
  atMostTimes('fan-out', 'cpu', 2, 'bare', 'cpu', 'bare ws'),
  atLeastTimes('fan-out', 'burst', 1, 'bare', 'burst', 'bare ws'),
  atLeastTimes('rooms', 'sockets', 1, 'bare', 'sockets', 'bare ws'),
  atLeastTimes('rooms', 'link', 1.8, 'bare', 'sockets', 'bare ws over sockets'),
  atMost('rooms', 'socketsMemory', 150, 'MB'),
  atMost('rooms', 'linkMemory', 150, 'MB'),
  atMost('rooms', 'left', 15, 'MB'),
  atMost('rooms', 'linkLeft', 15, 'MB'),
  atMostTimes('sync', 'coldLink', 0.8, 'bare', 'cold', 'bare ws, a socket each'),
  atMost('sync', 'coldLinkMemory', 350, 'MB'),
  atMost('sync', 'catchUp', 200, 'ms'),
  atMost('sync', 'catchUpBytes', 100, 'kB'),
  atMost('sync', 'catchUpMessages', 10, ''),
  atMost('sync', 'catchUpMemory', 100, 'MB'),
  atMost('kill', 'kill1000', 0, '%'),
  atMost('kill', 'kill8000', 0, '%'),
  atMost('kill', 'term1000', 0, '%'),
  atMost('kill', 'term8000', 0, '%'),
  {
    section: 'trace',
    row: 'taken',
    text: 'at least 60,000 a second',
    met: (measured) => known(of(measured, 'caravan', 'taken'), of(measured, 'caravan', 'taken') >= 60_000),
  },
  atMost('trace', 'loadRatio', 1.5, ''),
  atMost('trace', 'memory', 100, 'MB'),
  ...['HB04', 'HB10', 'HB13', 'HB14', 'HB26', 'HB29'].map((attack) => atMost('hostile', `${attack}worst`, 1000, 'ms')),
]);
