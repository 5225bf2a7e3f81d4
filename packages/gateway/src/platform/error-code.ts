/** The code of an error of the system, of Node or of undici: `ENOENT`, `UND_ERR_SOCKET`. Empty for what has none, whatever was thrown. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
