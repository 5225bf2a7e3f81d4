/** docs/configuration.md: every block is loaded, its commands are run, and the defaults that it states are those that hold. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configJsonSchema, formatProblem, loadConfig, type GatewayConfigInput } from '@tollgate/gateway'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { makeCertificate } from '../packages/gateway/src/tls/fixtures/certificates.ts'
import { runConsoles } from './docs-console.ts'

const file = join(import.meta.dirname, '../docs/configuration.md')
const page = readFileSync(file, 'utf8')
const fences = [...page.matchAll(/```(\S+)(?: (\S+))?\n([\s\S]*?)```/g)].map(([, language = '', name, text = '']) => ({ language, name, text }))
const fenced = (name: string): string => fences.find((each) => each.name === name)?.text ?? ''

type Group = { [name: string]: unknown }
const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-configuration-'))
  for (const { language, name, text } of fences) if (language === 'json' && name !== undefined) writeFileSync(join(folder, name), text)
  mkdirSync(join(folder, 'tls'))
  makeCertificate(join(folder, 'tls'), 'gateway')
})
afterAll(() => rmSync(folder, { recursive: true }))

function load(data: unknown) {
  return loadConfig(data as GatewayConfigInput, { environment: {}, baseDir: folder })
}

function problemsOf(data: unknown): readonly string[] {
  const loaded = load(data)
  return loaded.ok ? [] : loaded.problems.map(formatProblem)
}

it('its commands say what the page shows (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(file)
  expect(shown.length).toBeGreaterThan(5)
  expect(told).toEqual(shown)
})

describe('the blocks', () => {
  /** Groups are joined, routes are added, anything else is replaced. */
  function joined(one: unknown, other: unknown): unknown {
    if (!isGroup(one) || !isGroup(other)) return other
    return Object.entries(other).reduce<Group>((all, [name, value]) => ({ ...all, [name]: name === 'routes' ? [...((all[name] as unknown[]) ?? []), ...(value as unknown[])] : joined(all[name], value) }), one)
  }

  function placed(block: unknown): unknown {
    const atTop = Object.keys(configJsonSchema()['properties'] as Group)
    if (isGroup(block) && Object.keys(block).every((name) => atTop.includes(name))) return block
    return { apis: { pictures: Array.isArray(block) ? { routes: block } : block } }
  }

  it('can be loaded, each added to those before it', () => {
    const blocks = fences.filter(({ language, name }) => language === 'yaml' && name === undefined)
    expect(blocks.length).toBeGreaterThan(10)
    let whole: unknown = parse(fenced('tollgate.yaml'))
    expect(problemsOf(whole)).toEqual([])
    for (const { text } of blocks) {
      whole = joined(whole, placed(parse(text)))
      expect([text, problemsOf(whole)]).toEqual([text, []])
    }
  })

  it('make plain data, which goes to another thread as it is and is the same when read again, but for compiled contracts and checks of bodies', () => {
    const blocks = fences.filter(({ language, name }) => language === 'yaml' && name === undefined)
    const whole = blocks.reduce<unknown>((before, { text }) => joined(before, placed(parse(text))), parse(fenced('tollgate.yaml')))
    const read = () => {
      const loaded = load(whole)
      return dataOf(loaded.ok ? loaded.value : undefined)
    }
    const { data, others } = read()
    expect([...new Set(others.map((place) => place.replace(/(?<=\.(?:contract|check))\..*/, '')))]).toEqual(['apis.*.contract', 'apis.*.routes.*.steps.*.check'])
    expect(data).toMatchObject({ apis: [{ routes: expect.arrayContaining([expect.objectContaining({ handler: 'issueToken' })]) }], tokenSettings: { pictures: expect.any(Object) } })
    expect(structuredClone(data)).toEqual(data)
    expect(read().data).toEqual(data)
  })

  it('that are wrong are told so in these words (run with UPDATE=1 to write them)', () => {
    const wrong = join(folder, 'tollgate.yaml')
    writeFileSync(wrong, fenced('wrong'))
    const loaded = loadConfig(wrong, { environment: {} })
    const problems = loaded.ok ? [] : loaded.problems.map((problem) => formatProblem({ ...problem, file: 'tollgate.yaml' }))
    const said = `${problems.join('\n')}\n`
    if (process.env['UPDATE'] !== undefined) writeFileSync(file, readFileSync(file, 'utf8').replace(/(?<=```text\n)[\s\S]*?(?=```)/, () => said))
    expect(/```text\n([\s\S]*?)```/.exec(readFileSync(file, 'utf8'))?.[1]).toBe(said)
  })

  it('and the words between them name every setting there is', () => {
    const code = [...fences.map(({ text }) => text), ...[...page.replace(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)].join('\n')
    const words = new Set(code.match(/\w+/g))
    expect([...namesIn(configJsonSchema())].filter((name) => !words.has(name))).toEqual([])
  })
})

describe('the defaults', () => {
  const data = parse(fenced('defaults')) as Group

  /** All of it that can be compared. */
  const read = (input: unknown): string | undefined => {
    const loaded = load(input)
    return loaded.ok ? JSON.stringify(loaded.value) : undefined
  }

  it('are what holds when a setting is left out', () => {
    const asWritten = read(data)
    expect(problemsOf(data)).toEqual([])
    const others: string[] = []
    for (const path of leavesOf(data)) {
      const left = read(without(data, path))
      // Some are filled in later than the configuration is read; the schema says them. What must be said has none.
      const isStated = descriptionAt(configJsonSchema(), path)?.includes(`Default: ${[valueAt(data, path)].flat().join(', ')}.`) === true
      if (left !== undefined && left !== asWritten && !isStated) others.push(path.join('.'))
    }
    expect(others).toEqual([])
  })

  it('are all of those that the schema states', () => {
    const stated = [...JSON.stringify(configJsonSchema()).matchAll(/"(?!dependentSchemas")(\w+)":\{"default":(?!\{\})/g)].map(([, name = '']) => name)
    expect(stated.length).toBeGreaterThan(8)
    const shown = new Set(leavesOf(data).flatMap((path) => path))
    expect(stated.filter((name) => !shown.has(name))).toEqual([])
  })
})

/** Its data, and the places of what is none: functions, and what only a class can make. */
function dataOf(built: unknown): { readonly data: unknown; readonly others: readonly string[] } {
  const others = new Set<string>()
  const copies = new Map<unknown, unknown>()
  function copyOf(value: unknown, place: string): unknown {
    if (typeof value === 'function') return void others.add(place)
    if (typeof value !== 'object' || value === null) return value
    const known = copies.get(value)
    if (known !== undefined) return known
    const kept = <T>(copy: T): T => (copies.set(value, copy), copy)
    if (value instanceof Map) return [...value].reduce((copy, [key, item]) => copy.set(copyOf(key, place), copyOf(item, `${place}.*`)), kept(new Map<unknown, unknown>()))
    if (value instanceof Set || value instanceof RegExp) return value
    if (Array.isArray(value)) return value.reduce<unknown[]>((copy, item) => (copy.push(copyOf(item, `${place}.*`)), copy), kept([]))
    if (![null, Object.prototype].includes(Object.getPrototypeOf(value) as object | null)) return void others.add(`${place}: ${value.constructor.name}`)
    const copy: Group = kept({})
    for (const [name, item] of Object.entries(value)) copy[name] = copyOf(item, place === '' ? name : `${place}.${name}`)
    return copy
  }
  return { data: copyOf(built, ''), others: [...others].toSorted() }
}

type Path = readonly (string | number)[]

function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  const isLeaf = typeof value !== 'object' || value === null || Object.keys(value).length === 0 || (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
  if (isLeaf) return [path]
  return Object.entries(value as Group).flatMap(([name, item]) => leavesOf(item, [...path, Array.isArray(value) ? Number(name) : name]))
}

const valueAt = (data: unknown, path: Path): unknown => path.reduce<unknown>((at, step) => (at as Group)[step], data)

function without(data: unknown, path: Path): unknown {
  const copy = structuredClone(data)
  delete (valueAt(copy, path.slice(0, -1)) as Group)[path.at(-1) ?? '']
  return copy
}

function partsOf(schema: unknown): readonly Group[] {
  return isGroup(schema) ? [schema, ...['anyOf', 'oneOf', 'allOf'].flatMap((word) => ((schema[word] as unknown[]) ?? []).flatMap(partsOf))] : []
}

function descriptionAt(schema: unknown, [step, ...rest]: Path): string | undefined {
  const parts = partsOf(schema)
  if (step === undefined) return parts.map(({ description }) => description).find((text) => typeof text === 'string')
  const next = parts.flatMap(({ properties, items, additionalProperties }) => (typeof step === 'number' ? [items] : [isGroup(properties) && Object.hasOwn(properties, step) ? properties[step] : additionalProperties]))
  return next.map((each) => descriptionAt(each, rest)).find((text) => text !== undefined)
}

/** What every group of the schema may have. */
function namesIn(schema: unknown): ReadonlySet<string> {
  return new Set(
    partsOf(schema).flatMap(({ properties = {}, items, additionalProperties }) => [
      ...Object.entries(properties as Group).flatMap(([name, value]) => [name, ...namesIn(value)]),
      ...namesIn(items),
      ...namesIn(additionalProperties),
    ]),
  )
}
