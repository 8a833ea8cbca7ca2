// A table as CSV (RFC 4180), safe to open in a spreadsheet. Pure: bytes and files are somebody else's.

/** A spreadsheet would run what begins so as a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;
const QUOTED = /[",\r\n]/;

/** Spreadsheets read a file without this mark in the computer's old code page. */
const BYTE_ORDER_MARK = '\ufeff';

/** Lines end in CRLF. A cell that a spreadsheet would run as a formula gets an apostrophe in front; a negative number is none. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A name that every file system takes. */
export function csvName(title: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  const name = title.replace(/[\u0000-\u001f\u007f/\\:*?"<>|]+/g, ' ').trim();
  return `${name.slice(0, 80).replace(/[. ]+$/, '') || 'Board'}.csv`;
}
