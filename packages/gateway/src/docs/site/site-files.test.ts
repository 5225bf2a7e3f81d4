/** The files of a reference that are for programs, of each contract of the catalog, those among them that are only read. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { catalog } from 'tollgate/catalog'
import { parseContract } from 'tollgate/contract'
import { describe, expect, it } from 'vitest'
import { describeContract, EXAMPLE_NOW_MS } from '../model/describe-contract.ts'
import { isProving } from '../../../../../test/runs.ts'
import { siteOf } from './site.ts'
import { skillMarkdown } from './skill-markdown.ts'

const validate = new Ajv2020({ allErrors: true, strict: false })

const some = Object.values(catalog).filter(({ name }) => isProving || ['chatads', 'github', 'openai'].includes(name))

describe.each(some.map((contract) => [contract.name, contract] as const))('the files for programs of %s', (_, contract) => {
  const described = describeContract(contract, { nowMs: EXAMPLE_NOW_MS, docsUrl: 'https://errors.test/reference' })
  const files = new Map(siteOf(described).map(({ path, text }) => [path, text]))
  const textOf = (path: string): string => files.get(path) ?? expect.unreachable(`no ${path}`)

  it('llms.txt has the form that llmstxt.org asks for, and leads to each page and to nothing else', () => {
    const [first, , quote, , free, ...rest] = textOf('llms.txt').split('\n')
    expect(first).toMatch(/^# \S/)
    expect(quote).toMatch(/^> \S/)
    expect(free).not.toMatch(/^#/)
    const sections = rest.join('\n').split(/^## /m).slice(1)
    expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(['Start here', 'Errors', 'Guides', 'Data', 'Optional'])
    for (const line of sections.flatMap((section) => section.trim().split('\n').slice(2))) expect(line).toMatch(/^- \[[^\]]+\]\(\S+\)(?:: \S.*)$/)
    const links = [...textOf('llms.txt').matchAll(/\]\(https:\/\/errors\.test\/reference\/([^)#]*)\)/g)].map(([, path = '']) => path)
    expect(links.filter((path) => !files.has(path))).toEqual([])
    const pages = [...files.keys()].filter((path) => path.endsWith('.md') && path !== 'skill.md' && !path.startsWith('codes/'))
    expect(pages.filter((path) => !links.includes(path))).toEqual([])
  })

  it('each Markdown page begins with the way to the index, and llms-full.txt has them all', () => {
    const whole = textOf('llms-full.txt')
    for (const [path, text] of files) {
      if (!path.endsWith('.md') || path === 'skill.md') continue
      expect(text).toMatch(/^> ## Documentation Index\n> Fetch the complete documentation index at: https:\/\/errors\.test\/reference\/llms\.txt\n/)
    }
    const pages = [...files].filter(([path]) => path.endsWith('.md') && path !== 'skill.md' && !path.startsWith('codes/'))
    expect(pages.filter(([, text]) => !whole.includes(text.slice(text.indexOf('\n\n') + 2))).map(([path]) => path)).toEqual([])
  })

  it('errors.json fits its schema, and has each error with its answer', () => {
    const document = JSON.parse(textOf('errors.json')) as { readonly errors: readonly { readonly id: string; readonly example: { readonly body: string } }[] }
    const schema = JSON.parse(textOf('errors.schema.json')) as object
    expect([validate.validate(schema, document), validate.errors]).toEqual([true, null])
    expect(document.errors.map(({ id, example }) => [id, example.body])).toEqual(described.entries.map(({ id, example }) => [id, example.answer.body]))
    expect(validate.validate(schema, { ...document, errors: document.errors.map(({ id: _id, ...others }) => others) })).toBe(false)
  })

  it('what the search looks through leads to what is there', () => {
    const items = JSON.parse(textOf('search-index.json')) as readonly { readonly address: string }[]
    expect(textOf('assets/search-index.js')).toBe(`tollgateSearch = ${JSON.stringify(items)}\n`)
    const lost = items.filter(({ address }) => {
      const [page = '', section] = address.split('#')
      const html = textOf(page === '' ? 'index.html' : `${page}/index.html`)
      return section !== undefined && !html.includes(` id="${section}"`)
    })
    expect(lost).toEqual([])
    for (const entry of described.entries) expect(items.map(({ address }) => address)).toContain(entry.address)
  })
})

it.each(Object.values(catalog).map((contract) => [contract.name, contract] as const))('skill.md of %s is shorter than 200 lines, names every code, and begins as skills do', (_, contract) => {
  const described = describeContract(contract, { nowMs: EXAMPLE_NOW_MS })
  const skill = skillMarkdown(described, (address) => address)
  expect(skill.split('\n').length).toBeLessThan(200)
  expect(skill).toMatch(/^---\nname: [a-z\d-]+-errors\ndescription: [^\n:]+\n---\n\n# /)
  const codes = described.entries.flatMap(({ code }) => (code === '' ? [] : [`\`${String(code).replaceAll('|', '\\|')}\``]))
  expect(codes.filter((code) => !skill.includes(code))).toEqual([])
})

it('a contract of very many errors has a skill that is short all the same', () => {
  const declaration = structuredClone({ ...catalog['jogg']?.declaration }) as unknown as { entries: { [id: string]: object } }
  for (let at = 0; at < 210; at += 1) declaration.entries[`more${at}`] = { code: 60_000 + at, status: 400 + (at % 3), reason: 'field.invalid', when: { field: `f${at}` }, message: `Wrong ${at}`, description: 'A field is wrong.', ...(at % 2 === 0 ? { action: 'contact_support' } : {}) }
  const parsed = parseContract(declaration)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems.slice(0, 3)))
  const skill = siteOf(describeContract(parsed.contract, { nowMs: EXAMPLE_NOW_MS })).find(({ path }) => path === 'skill.md')?.text ?? ''
  expect(skill.split('\n').length).toBeLessThan(200)
  expect(skill).toContain('`60209`')
})

it('a contract that is only read says so, and shows what it can', () => {
  const { github } = catalog
  if (github === undefined) throw new Error('no github')
  const files = siteOf(describeContract(github, { nowMs: EXAMPLE_NOW_MS }))
  expect(files.find(({ path }) => path === 'index.md')?.text).toContain('These pages say how answers of GitHub (REST, GraphQL) are read')
  expect(files.find(({ path }) => path === 'index.html')?.text).not.toContain('the two cannot differ')
})
