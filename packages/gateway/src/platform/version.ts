import { readFileSync } from 'node:fs'

/**
 * Of this package: its `package.json` stands beside `src` and beside `dist`.
 *
 * @example
 * /^\d+\.\d+\.\d+/.test(programVersion()) // => true
 */
export function programVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
  return manifest.version
}
