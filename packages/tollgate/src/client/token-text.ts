/** Whether a token can stand in a header: it has visible ASCII characters and blanks alone. */
export function isTokenText(token: unknown): boolean {
  return typeof token === 'string' && token !== '' && !/[^\x20-\x7e]/.test(token)
}
