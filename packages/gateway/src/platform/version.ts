import { readFileSync } from 'node:fs'

/**
 * Of this package: its `package.json` stands beside `src` and beside `dist`.
 *
 * @example
 * /^\d+\.\d+\.\d+/.test(programVersion()) // => true
 */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0.0.0'
}
