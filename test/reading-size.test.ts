/** How large the reading half is in a browser: bundled, minified and gzipped. A budget is a ceiling for what is there, not a goal that was reached. */
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '../packages/tollgate/src')

/** The code that a program with these lines loads. */
async function bundled(lines: string): Promise<string> {
  const entry = '\0entry'
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    // As `"sideEffects": false` of the package has it.
    treeshake: { moduleSideEffects: false },
    plugins: [{ name: 'entry', resolveId: (id) => (id === entry ? id : undefined), load: (id) => (id === entry ? { code: lines, moduleType: 'ts', moduleSideEffects: true } : undefined) }],
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  return output[0].code
}

const gzipped = (code: string): number => gzipSync(code, { level: 9 }).length

const plain = `
import { defineDialect } from '${source}/contract/read/dialect.ts'
export const shop = defineDialect({
  name: 'shop', title: 'Shop', envelope: { error: { error: { code: '$code', message: '$message' } } },
  entries: { full: { code: 'FULL', status: 429, reason: 'rate.limited', message: 'Full.', description: 'No room.' } },
})`

describe('what a browser loads', () => {
  it.each([
    ['a plain dialect of JSON', plain, 7_700],
    ['what advises beside any answer', `export { adviceOf } from '${source}/detect/advice.ts'`, 2_400],
    ['a shipped dialect with lists, its declaration included', `export { anthropic } from '${source}/catalog/anthropic.ts'`, 11_000],
  ])('%s', async (_, lines, budget) => expect(gzipped(await bundled(lines))).toBeLessThanOrEqual(budget))

  it('only what its declaration needs: no parser of XML, no dates, no checks and no writer for plain JSON', async () => {
    const code = await bundled(plain)
    for (const word of ['is not a slot', 'urn:', 'DOCTYPE', 'JanFebMar', '@xmlns', 'Retry-After', 'did you mean', 'WWW-Authenticate']) expect(code).not.toContain(word)
    // The same words are found where they are.
    expect(await bundled(`export { defineContract } from '${source}/contract/declare/define-contract.ts'`)).toContain('did you mean')
  })

  it('one dialect of the catalog brings no other', async () => {
    const code = await bundled(`export { slack } from '${source}/catalog/dialects.ts'`)
    expect(code).toContain('ratelimited')
    expect(code).not.toContain('insufficient_quota')
  })
})
