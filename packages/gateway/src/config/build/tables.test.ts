import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changed, configWhen, problemsWhen, type Change } from './fixtures/nexalayer-config.ts'
import { loadConfig } from '../load-config.ts'
import { formatProblem } from '../read/config-problem.ts'

describe('a table in place', () => {
  it.each<[string, Change, readonly string[]]>([
    ['neither rows nor file', (a) => (a.tables.products = {}), ['tables.products: must have exactly one of file, rows']],
    ['both', (a) => (a.tables.products.file = './products.json'), ['tables.products: must have exactly one of file, rows']],
    ['a key of rows that have their ids', (a) => (a.tables.products.key = 'id'), ['tables.products.key: "id" belongs to a file; rows in place are named by their id']],
    ['a price that is none', (a) => (a.tables.products.rows['P-1'].price = '12,00'), ['tables.products.rows.P-1.price: "12,00" in the row "P-1" must be a decimal from 0, such as 0.25 or "0.25"']],
    ['a price that is too fine', (a) => (a.tables.products.rows['P-1'].price = 0.005), ['tables.products.rows.P-1.price: 0.005 in the row "P-1" has more decimals than "credit" keeps (its scale is 2)']],
    ['a price that is null', (a) => (a.tables.products.rows['P-1'].price = null), ['tables.products.rows.P-1.price: null in the row "P-1" must be a decimal from 0, such as 0.25 or "0.25"']],
    ['a stock that is none', (a) => (a.tables.products.rows['P-2'].stock = 1.5), ['tables.products.rows.P-2.stock: 1.5 in the row "P-2" must be a whole number from 0, or null for no limit']],
    ['a cell that is missing', (a) => ((a.tables.products.rows['P-2'].prise = 1), delete a.tables.products.rows['P-2'].price), ['tables.products.rows.P-2: the row "P-2" has no price, which routes[0].steps[3].take[2].price.column reads; did you mean its prise?']],
    ['no rows', (a) => (a.tables.products.rows = {}), ['routes[0].steps[3].take[1].limit.column: the table "products" has no rows']],
    ['a row that is none', (a) => (a.tables.products.rows['P-2'] = 5), ['tables.products.rows.P-2: must be a group of settings, not 5']],
  ])('is told where, what and how to mend it: %s', (_, change, problems) => {
    expect(problemsWhen(change)).toEqual(problems)
  })

  it('a column that is a limit in one place and a count in another needs a number in each row', () => {
    expect(problemsWhen((a) => (a.routes[0].steps[3].take[1].cost = { column: 'stock' }))).toEqual(['tables.products.rows.P-2.stock: null in the row "P-2" must be a whole number from 0'])
  })

  it('a price from the environment is quoted by its placeholder', () => {
    const config = changed((a) => (a.tables.products.rows['P-1'].price = '${PRICE}'))
    const loaded = loadConfig(config, { environment: { PRICE: 'hush' } })
    expect(loaded.ok ? [] : loaded.problems.map(({ message }) => message)).toEqual(['"${PRICE}" in the row "P-1" must be a decimal from 0, such as 0.25 or "0.25"'])
  })

  it('digits in a text are a number where one is meant; columns that nobody reads stay as they are', () => {
    const [api] = configWhen((a) => Object.assign(a.tables.products.rows['P-1'], { stock: '20', name: 'One', tags: ['a'] })).apis
    expect(api?.tables?.['products']?.['P-1']).toEqual({ price: 300, renew_price: 250, stock: 20, name: 'One', tags: ['a'] })
  })
})

describe('a table in a file', () => {
  let directory: string
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'tollgate-table-'))))
  afterEach(() => rmSync(directory, { recursive: true }))

  const row = { price: 1, renew_price: 1, stock: 5 }

  function load(name: string, text: string, key?: string) {
    writeFileSync(join(directory, name), text)
    const config = changed((api) => (api.tables.products = { file: `./${name}`, ...(key !== undefined && { key }) }))
    return loadConfig(config, { environment: {}, baseDir: directory })
  }

  function problemsOf(...[name, text, key]: Parameters<typeof load>): readonly string[] {
    const loaded = load(name, text, key)
    return loaded.ok ? [] : loaded.problems.map((problem) => formatProblem(problem).replaceAll('apis.nexalayer.', ''))
  }

  it('may be a list with a key, or a map; YAML or JSON; its ids texts or numbers', () => {
    const forms: readonly (readonly [string, string, string?])[] = [
      ['a.json', JSON.stringify([{ id: 'P-1', ...row }, { id: 7, ...row }]), 'id'],
      ['b.json', JSON.stringify({ 'P-1': row, 7: row })],
      ['c.yaml', '- { id: P-1, price: 1, renew_price: 1, stock: 5 }\n- { id: 7, price: 1, renew_price: 1, stock: 5 }\n', 'id'],
      ['d.yaml', 'P-1: { price: 1, renew_price: 1, stock: 5 }\n7: { price: 1, renew_price: 1, stock: 5 }\n'],
    ]
    for (const form of forms) {
      const loaded = load(...form)
      expect(loaded.ok && loaded.value.apis[0]?.tables?.['products']).toMatchObject({ 'P-1': { price: 100, renew_price: 100, stock: 5 }, 7: { price: 100 } })
    }
  })

  it.each<[string, readonly [string, string, string?], readonly string[]]>([
    ['a list without a key', ['p.json', JSON.stringify([{ no: 1, ...row }])], ['tables.products.key: is missing: ./p.json is a list; name the column that holds the id, such as key: no']],
    ['a map with a key', ['p.json', JSON.stringify({ 'P-1': row }), 'id'], ['tables.products.key: belongs to a list; ./p.json is a map from id to row, so take it away']],
    ['a row without the key', ['p.json', JSON.stringify([{ ids: 'P-1', ...row }]), 'id'], ['./p.json:1:2 [0]: has no id, which is its key; did you mean its ids?']],
    ['a key that is none', ['p.yaml', `- ${JSON.stringify({ ...row, id: true })}\n`, 'id'], [expect.stringMatching(/^\.\/p\.yaml:1:\d+ \[0\]\.id: true cannot be the key of a row; it must be a text or a number$/)]],
    ['one id twice', ['p.json', `[${JSON.stringify({ id: 'P-1', ...row })},\n ${JSON.stringify({ id: 'P-1', ...row })}]`, 'id'], ['./p.json:2:3 [1].id: "P-1" is the key of row [0] too; each row needs its own']],
    ['one id twice in a map', ['p.json', `{"P-1":${JSON.stringify(row)},\n"P-1":${JSON.stringify(row)}}`], ['tables.products.file: ./p.json:2:1: not valid YAML: Map keys must be unique; "P-1" stands there twice']],
    ['a cell that is wrong', ['p.yaml', 'P-1: { price: 1, renew_price: 1, stock: 5 }\nP-2: { price: "12,00", renew_price: 1, stock: 5 }\n'], ['./p.yaml:2:8 P-2.price: "12,00" in the row "P-2" must be a decimal from 0, such as 0.25 or "0.25"']],
    ['a row that is none', ['p.json', '[5]', 'id'], ['./p.json:1:2 [0]: must be a row, a group of columns, not 5']],
    ['a text', ['p.json', '"rows"'], ['tables.products.file: ./p.json holds no rows; it must be a list of rows, or a map from id to row']],
    ['no JSON', ['p.json', '[{]'], [expect.stringMatching(/^tables\.products\.file: \.\/p\.json:1:\d+: not valid YAML: /)]],
  ])('is told where, what and how to mend it: %s', (_, file, problems) => {
    expect(problemsOf(...file)).toEqual(problems)
  })

  it('that is not there is named', () => {
    const config = changed((api) => (api.tables.products = { file: './none.json', key: 'id' }))
    const loaded = loadConfig(config, { environment: {}, baseDir: directory })
    expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual(['apis.nexalayer.tables.products.file: cannot read ./none.json: there is no such file'])
  })

  it('one slip in each of its rows is not told a thousand times', () => {
    const problems = problemsOf('p.json', JSON.stringify(Array.from({ length: 1_000 }, (_, id) => ({ id, ...row, price: 'x' }))), 'id')
    expect(problems.length).toBe(10)
  })

  it('an id called like a member of every object is a row like any other', () => {
    const loaded = load('p.json', `{"__proto__": ${JSON.stringify(row)}, "constructor": ${JSON.stringify(row)}}`)
    const table = loaded.ok ? loaded.value.apis[0]?.tables?.['products'] : undefined
    expect(Object.keys(table ?? {})).toEqual(['__proto__', 'constructor'])
  })
})
