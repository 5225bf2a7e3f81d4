/** The shipped contracts are clean, but for what the catalog has its reasons to keep; and the example has no error. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalog, keptByCatalog } from 'tollgate/catalog'
import { lintReport } from 'tollgate/review'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseXml } from '../packages/gateway/src/platform/parse-xml.ts'

const shown = ({ rule, path }: { readonly rule: string; readonly path: string }): string => `${rule} at ${path}`

describe.each(Object.entries(catalog))('%s', (name, { declaration, reader }) => {
  const kept = Object.hasOwn(keptByCatalog, name) ? (keptByCatalog[name] ?? []) : []
  const { findings, ignored } = lintReport(declaration, { reader, parseXml, ignore: kept })

  it('is clean, but for what it keeps with a reason', () => expect(findings.map(shown)).toEqual([]))

  it('keeps nothing that is not there', () => {
    expect(kept.filter(({ rule, path }) => !ignored.some((finding) => finding.rule === rule && (path === undefined || finding.path.startsWith(path.split('*')[0] ?? '')))).map(({ rule, path }) => `${rule} at ${path}`)).toEqual([])
    for (const { reason } of kept) expect(reason.length).toBeGreaterThan(10)
  })
})

it('keeps reasons for shipped contracts alone', () => {
  expect(Object.keys(keptByCatalog).filter((name) => !Object.hasOwn(catalog, name))).toEqual([])
})

it('the example of a contract has no error', () => {
  const { findings } = lintReport(parse(readFileSync(join(import.meta.dirname, '../examples/your-api/contract.yaml'), 'utf8')))
  expect(findings.filter(({ severity }) => severity === 'error').map(shown)).toEqual([])
})
