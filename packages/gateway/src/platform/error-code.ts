/** The code of an error of the system, of Node or of undici: `ENOENT`, `UND_ERR_SOCKET`. Empty for what has none, whatever was thrown. */
export function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : ''
}
