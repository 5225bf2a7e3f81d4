/** Lines of CSV (RFC 4180), for spreadsheets that must not take a cell for a formula. */

export function formatCsvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`
}

/** What begins as a formula does gets an apostrophe before it, which spreadsheets take for "this is text" (OWASP: CSV injection). */
function formatCell(value: string | number | undefined): string {
  const text = String(value ?? '')
  const safe = typeof value === 'string' && /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
