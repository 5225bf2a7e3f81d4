/** Addresses and anchors are for good: others link to them, and answers do. What was published once is in `kept-anchors.txt`; `UPDATE=1` adds what is new, and takes nothing away. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { catalog } from 'tollgate/catalog'
import { expect, it } from 'vitest'
import { describeContract, EXAMPLE_NOW_MS } from '../../packages/gateway/src/docs/model/describe-contract.ts'
import { siteOf } from '../../packages/gateway/src/docs/site/site.ts'

const file = new URL('kept-anchors.txt', import.meta.url)

const anchors = ['ai-api', 'chatads', 'jogg', 'leaperone', 'nexalayer'].flatMap((name) => {
  const contract = catalog[name]
  if (contract === undefined) throw new Error(`${name} is not in the catalog`)
  return siteOf(describeContract(contract, { nowMs: EXAMPLE_NOW_MS })).flatMap(({ path, text }) => {
    const [, content = ''] = /<article>(.*)<\/article>/s.exec(text) ?? []
    return [`${name}/${path}`, ...[...content.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `${name}/${path}#${id}`)]
  })
})

it('no address and no anchor that was published is gone', () => {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : []
  if (process.env['UPDATE'] === '1') writeFileSync(file, `${[...new Set([...kept, ...anchors])].toSorted().join('\n')}\n`)
  const now = new Set(anchors)
  expect(kept.filter((anchor) => !now.has(anchor))).toEqual([])
  const known = new Set(readFileSync(file, 'utf8').split('\n'))
  expect(anchors.filter((anchor) => !known.has(anchor))).toEqual([])
})
