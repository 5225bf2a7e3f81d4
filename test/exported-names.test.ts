/**
 * Whatever a public entry exports says what it is, and what is called shows how. The examples are compiled, all at once and as their readers would write
 * them, against the types that are published; those that say what comes out (`… // => value`) are run.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { exampleOf, publicEntries } from './exported-names.ts'

const root = join(import.meta.dirname, '..')
// Inside the repository, so that the packages are found.
const folder = mkdtempSync(join(root, 'test/examples-'))
afterEach(() => void vi.unstubAllGlobals())
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

/** What an example may take for granted beside the names of its own entry. */
const granted = `
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Contract } from 'tollgate/contract'
import type { Clock } from '${entryWith('Clock')}'
import type { Directory } from '${entryWith('createDirectory')}'
import type { Store } from '${entryWith('Store')}'
import type { ApiOptions, Gate } from '${entryWith('createGate')}'
declare global {
  const request: IncomingMessage
  const response: ServerResponse
  const contract: Contract
  const store: Store
  const clock: Clock
  const directory: Directory
  const api: ApiOptions
  const gate: Gate
  const sha256Hex: (text: string) => string
  const randomBytes: (count: number) => Uint8Array
  function same<T>(said: T, expected: T): void
}
`

function entryWith(name: string): string {
  for (const [entry, names] of publicEntries) if (names.some((each) => each.name === name)) return entry
  throw new Error(`no public entry exports ${name}`)
}

/** What people write or hold by hand, beside what they call. */
const written = new Set([
  'Account', 'ApiOptions', 'Clock', 'Contract', 'ContractDeclaration', 'CredentialOptions', 'Directory', 'EntryDeclaration', 'EnvelopeDeclaration', 'Facts', 'GateOptions',
  'GatewayStart', 'Handler', 'Meter', 'MeterOptions', 'Reader', 'RouteOptions', 'StageOptions', 'Store',
])

interface Example {
  readonly file: string
  readonly text: string
  readonly isRun: boolean
}

/** The names of its entry that it uses are imported; lines that say what comes out become comparisons. */
function toExample(entry: string, name: string, example: string): Example {
  const own = publicEntries.get(entry) ?? []
  const used = own.filter((each) => new RegExp(`(?<![.\\w'])${each.name}\\b(?!['\\w])`).test(example) && !new RegExp(`import [^\\n]*\\b${each.name}\\b`).test(example))
  const imports = [...new Set(used.map((each) => (each.kind === 'interface' || each.kind === 'type' ? `type ${each.name}` : each.name)))]
  const body = example.replace(/^(.*\S) +\/\/ => (.*)$/gm, (_, said: string, value: string) => `same(${said}, ${value})`)
  return { file: join(folder, `${entry.replaceAll(/[@/]/g, '_')}.${name}.ts`), text: `${imports.length === 0 ? '' : `import { ${imports.join(', ')} } from '${entry}'\n`}${body}\nexport {}\n`, isRun: body !== example }
}

const examples = [...publicEntries].flatMap(([entry, names]) => names.flatMap((each) => {
  const example = exampleOf(each)
  return example === undefined ? [] : [toExample(entry, each.name, example)]
}))

beforeAll(() => {
  for (const { file, text } of examples) writeFileSync(file, text)
  writeFileSync(join(folder, 'granted.d.ts'), granted)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.json', compilerOptions: { rootDir: '../..', customConditions: [], noUnusedLocals: false, incremental: false }, include: ['./*.ts'], exclude: [] }))
})

describe.each([...publicEntries])('what %s exports', (_, names) => {
  it('says what it is', () => {
    expect(names.filter(({ docstring }) => docstring.trim() === '').map(({ name, file }) => `${name} of ${file.slice(root.length + 1)}`)).toEqual([])
  })

  it('shows how it is called or written', () => {
    expect(names.filter((each) => (each.kind === 'function' || written.has(each.name)) && exampleOf(each) === undefined).map(({ name, file }) => `${name} of ${file.slice(root.length + 1)}`)).toEqual([])
  })
})

it('each example compiles', async () => {
  const compiled = promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { cwd: root, maxBuffer: 10_000_000 })
  const said = await compiled.then(({ stdout }) => stdout, (error: unknown) => String((error as { stdout?: unknown }).stdout))
  expect(said.replaceAll(/^test\/examples-\w+\//gm, '')).toBe('')
})

it.each(examples.filter(({ isRun }) => isRun).map(({ file, text }) => [file.slice(folder.length + 1), text, file] as const))('%s says what comes out', async (_, text, file) => {
  let compared = 0
  vi.stubGlobal('same', (said: unknown, expected: unknown) => {
    compared += 1
    expect(said).toEqual(expected)
  })
  await import(/* @vite-ignore */ file)
  expect(compared).toBe(text.match(/^same\(/gm)?.length)
})
