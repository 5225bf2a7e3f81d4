/** What the pages of the error reference tell callers to type and to write is typed and run, as it stands there, against the mock of the API. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { catalog, nexalayer, openai } from 'tollgate/catalog'
import { parseContract, type Contract } from 'tollgate/contract'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { describeContract, EXAMPLE_NOW_MS } from '../packages/gateway/src/docs/model/describe-contract.ts'
import type { DescribedContract, DescribedEntry } from '../packages/gateway/src/docs/model/described-contract.ts'
import { entryPage } from '../packages/gateway/src/docs/pages/entry-page.ts'
import { EXAMPLE_API_URL } from '../packages/gateway/src/docs/pages/page-context.ts'
import { startMock } from '../packages/gateway/src/mock/mock-server.ts'
import { parseXml } from '../packages/gateway/src/platform/parse-xml.ts'

const root = join(import.meta.dirname, '..')
// Inside the repository, so that the packages are found.
const folder = mkdtempSync(join(root, 'test/snippets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

const written = Object.values(catalog).filter(({ declaration }) => declaration.decodeOnly !== true)
const described = (contract: Contract): DescribedContract => describeContract(contract, { nowMs: EXAMPLE_NOW_MS })

/** The code on the page of an entry, by what stands over it; the commands that provoke it are the first block of shell. */
function codeOn(contract: DescribedContract, entry: DescribedEntry): { readonly [label: string]: string } {
  const blocks = entryPage(contract, entry, { apiUrl: EXAMPLE_API_URL }).blocks.flatMap((block) => (block.kind === 'code' && block.language !== 'json' && block.language !== 'text' ? [block] : []))
  return Object.fromEntries(blocks.map(({ label = 'provoke', text }) => [label, text]))
}

async function mockOf(contract: Contract) {
  const mock = await startMock({ contract, script: {}, address: { port: 0, host: '127.0.0.1' }, onError: (error) => void expect(error).toBeUndefined() })
  onTestFinished(() => mock.close())
  return mock
}

describe.each(written.map((contract) => [contract.name, contract] as const))('the commands that provoke refusals of %s', (_, contract) => {
  it('make the mock of its contract.json say each of them', async () => {
    const whole = described(contract)
    const parsed = parseContract(JSON.parse(JSON.stringify(whole.declaration)), { reader: contract.reader, parseXml })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const { url } = await mockOf(parsed.contract)
    for (const entry of whole.entries) {
      const commands = (codeOn(whole, entry)['provoke'] ?? '').split('\n')
      const [byPath = '', byHeader = ''] = commands.filter((command) => command.startsWith('curl -i http://localhost:4010'))
      const path = byPath.slice('curl -i http://localhost:4010'.length)
      const [, at = '', asked = ''] = /localhost:4010(\S+) -H 'Tollgate-Mock: ([^']*)'$/.exec(byHeader) ?? []
      const answers = [await fetch(`${url}${path}`), await fetch(`${url}${at}`, { headers: { 'Tollgate-Mock': asked } })]
      expect([entry.id, ...answers.map(({ status }) => status)]).toEqual([entry.id, entry.sentAs, entry.sentAs])
      await Promise.all(answers.map((answer) => answer.arrayBuffer()))
    }
  })
})

it('programs in Python compile, for every entry of every contract', () => {
  const sources = written.map(described).flatMap((contract) => contract.entries.map((entry) => [`${contract.name} ${entry.id}`, codeOn(contract, entry)['Python'] ?? '']))
  const said = execFileSync('python3', ['-c', 'import ast, json, sys\nfor name, source in json.load(sys.stdin):\n    ast.parse(source, name)\nprint("all")'], { input: JSON.stringify(sources), encoding: 'utf8' })
  expect(said).toBe('all\n')
  expect(sources.length).toBeGreaterThan(100)
})

it('programs in TypeScript compile against the client that is published', async () => {
  for (const contract of [nexalayer, openai].map((each) => described(each as Contract))) {
    for (const entry of contract.entries) writeFileSync(join(folder, `${contract.name}-${entry.id}.mts`), codeOn(contract, entry)['TypeScript'] ?? '')
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.json', compilerOptions: { rootDir: '../..', customConditions: [], types: ['node'], incremental: false }, include: ['./*.mts'], exclude: [] }))
  const compiled = promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { cwd: root, maxBuffer: 10_000_000 })
  const said = await compiled.then(({ stdout }) => stdout, (error: unknown) => String((error as { stdout?: unknown }).stdout))
  expect(said).toBe('')
})

/** How often each asks, of a refusal that does not end: by its rule, and as its language does. */
const programs = { TypeScript: [process.execPath, 'mjs'], Python: ['python3', 'py'], curl: ['bash', 'sh'] } as const
const asks = {
  insufficientBalance: { rule: 'never', says: 'Insufficient balance', TypeScript: 1, Python: 1, curl: 1 },
  rateLimitExceeded: { rule: 'wait', says: 'Too many requests', TypeScript: 3, Python: 4, curl: 4 },
  backendTimeout: { rule: 'backoff', says: 'Backend timeout', TypeScript: 3, Python: 4, curl: 4 },
  expiredToken: { rule: 'refresh', says: 'JWT expired', TypeScript: 2, Python: 2, curl: 2 },
} as const

it('programs that are refused for ever ask as often as the rule allows, and say who refused', async () => {
  const contract = described(nexalayer as Contract)
  writeFileSync(join(folder, 'contract.json'), JSON.stringify(contract.declaration))

  /** All at once: most of it is waiting. */
  async function outcomeOf(id: keyof typeof asks, language: keyof typeof programs) {
    const entry = contract.entries.find((each) => each.id === id)
    const { url, mock } = await mockOf(nexalayer as Contract)
    const [program, extension] = programs[language]
    const file = join(folder, `${id}.${extension}`)
    writeFileSync(file, entry === undefined ? '' : (codeOn(contract, entry)[language] ?? ''))
    const run = promisify(execFile)(program, [file], { cwd: folder, env: { ...process.env, API_URL: `${url}/_mock/${id}`, API_KEY: 'key_1', NEW_API_KEY: 'key_2' } })
    const { stdout, stderr } = await run.catch((error: unknown) => error as { readonly stdout: string; readonly stderr: string })
    return { id, language, rule: entry?.retry.rule, asked: mock.grade().requests, says: `${stdout}${stderr}`.includes(asks[id].says) }
  }

  const cases = (Object.keys(asks) as (keyof typeof asks)[]).flatMap((id) => (Object.keys(programs) as (keyof typeof programs)[]).map((language) => [id, language] as const))
  expect(await Promise.all(cases.map(([id, language]) => outcomeOf(id, language)))).toEqual(cases.map(([id, language]) => ({ id, language, rule: asks[id].rule, asked: asks[id][language], says: true })))
}, 120_000)
