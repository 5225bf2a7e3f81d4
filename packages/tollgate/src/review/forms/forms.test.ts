/** What a lint says, in the forms that terminals, programs, scanners and pull requests read. */
import { describe, expect, it } from 'vitest'
import { lintReport } from '../lint/lint-contract.ts'
import { lintRules } from '../lint/rules.ts'
import { severities } from '../lint/rule.ts'
import { formatLintMarkdown } from './lint-markdown.ts'
import { formatLintText } from './lint-text.ts'
import { toLintJson } from './lint-json.ts'
import type { LintedFile } from './linted-file.ts'
import { toSarif } from './sarif.ts'

const declaration = {
  entries: { slow: { code: 429, status: 429, reason: 'rate.limited', message: 'a | b `c` <i>\n"d"', description: 'Too fast.' }, pipe: { code: 'A|B', status: 500, reason: 'internal', retry: 'never', message: 'x', description: 'y' } },
  lint: { ignore: [{ rule: 'code-is-status', path: 'entries.slow', reason: 'clients | know it' }] },
}
const lines: { readonly [path: string]: number } = { 'entries.pipe.retry': 7, 'entries.slow.code': 3 }
const file: LintedFile = { name: './my contracts/a#b.yaml', isFile: true, report: lintReport(declaration), locate: (path) => (lines[path] === undefined ? undefined : { line: lines[path], column: 5 }) }
const shipped: LintedFile = { name: 'shop', isFile: false, report: lintReport({}) }

describe('as text', () => {
  it('each finding has a line, with its place, and the counts stand at the head and the end', () => {
    const text = formatLintText([file, shipped])
    expect(text).toContain('  7:5  warning  retry-never-on-5xx  entries.pipe.retry: "never" forbids what every generic client does after 500; write backoff, or use a status of the caller\n')
    expect(text).toMatch(/^\.\/my contracts\/a#b\.yaml: \d+ errors?, \d+ warnings?, \d+ notes? \(1 ignored\)\n/)
    expect(text).toMatch(/\nAll together: .*\n$/)
    expect(text.split('\n').filter((line) => line.includes('  error  ') || / (?:error|warning|note) {2}/.test(line)).length).toBeGreaterThan(8)
  })
})

describe('as JSON', () => {
  it('has what is found, what is ignored and how many there are', () => {
    const json = toLintJson([file])
    expect(json.files[0]?.ignored).toMatchObject([{ rule: 'code-is-status', severity: 'warning', path: 'entries.slow.code', value: 429, because: 'clients | know it', line: 3, column: 5 }])
    expect(json.files[0]?.findings.length).toBe(json.counts.error + json.counts.warning + json.counts.note)
    expect(JSON.parse(JSON.stringify(json))).toEqual(json)
  })
})

describe('as Markdown', () => {
  it('what an author wrote breaks no table', () => {
    const markdown = formatLintMarkdown([file])
    for (const line of markdown.split('\n').filter((each) => each.startsWith('| ') && !each.startsWith('| |'))) expect([6, 4]).toContain(line.match(/(?<!\\)\|/g)?.length)
    expect(markdown).toContain(String.raw`clients \| know it`)
    expect(markdown).toContain('<details><summary>1 ignored</summary>')
  })
})

/** What SARIF 2.1.0 asks of the members that are written, by hand: its schema is not free to be copied here. */
function sarifFaults(log: unknown): readonly string[] {
  const faults: string[] = []
  const check = (isRight: boolean, what: string): void => void (isRight || faults.push(what))
  const known = (value: object, path: string, ...names: readonly string[]): void => { for (const name of Object.keys(value)) check(names.includes(name), `${path}.${name} is no member`) }
  const text = (value: unknown, path: string): void => check(typeof value === 'string' && value.length > 0, `${path} is no text`)
  const { version, runs, ...rest } = log as { version: string; runs: Run[] }
  known(rest, 'log', '$schema')
  check(version === '2.1.0', 'version')
  for (const run of runs) {
    known(run, 'run', 'tool', 'results', 'columnKind')
    check(run.columnKind === 'utf16CodeUnits' || run.columnKind === 'unicodeCodePoints', 'columnKind')
    known(run.tool, 'tool', 'driver')
    known(run.tool.driver, 'driver', 'name', 'version', 'rules')
    text(run.tool.driver.name, 'driver.name')
    const ids = run.tool.driver.rules.map(({ id }) => id)
    check(new Set(ids).size === ids.length, 'ids of rules are unique')
    for (const rule of run.tool.driver.rules) {
      known(rule, 'rule', 'id', 'shortDescription', 'fullDescription', 'help', 'helpUri', 'defaultConfiguration', 'properties')
      for (const said of [rule.shortDescription, rule.fullDescription, rule.help]) text(said.text, `rule ${rule.id}`)
      check(['none', 'note', 'warning', 'error'].includes(rule.defaultConfiguration.level), `level of ${rule.id}`)
      check(rule.helpUri === undefined || URL.canParse(rule.helpUri), `helpUri of ${rule.id}`)
      check(rule.properties.tags.every((tag, at, all) => typeof tag === 'string' && all.indexOf(tag) === at), `tags of ${rule.id}`)
    }
    for (const result of run.results) {
      known(result, 'result', 'ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints', 'suppressions')
      check(ids[result.ruleIndex] === result.ruleId, `ruleIndex of ${result.ruleId}`)
      check(['none', 'note', 'warning', 'error'].includes(result.level), `level of ${result.ruleId}`)
      text(result.message.text, 'message')
      for (const location of result.locations) {
        known(location, 'location', 'physicalLocation', 'logicalLocations')
        for (const logical of location.logicalLocations) text(logical.fullyQualifiedName, 'logicalLocation')
        const { physicalLocation } = location
        if (physicalLocation === undefined) continue
        known(physicalLocation, 'physicalLocation', 'artifactLocation', 'region')
        check(URL.canParse(physicalLocation.artifactLocation.uri, 'file:///x/') && !/[ #?\\]/.test(physicalLocation.artifactLocation.uri), 'uri')
        const { region } = physicalLocation
        if (region !== undefined) for (const figure of Object.values(region)) check(Number.isInteger(figure) && figure >= 1, 'region')
      }
      for (const suppression of result.suppressions ?? []) {
        known(suppression, 'suppression', 'kind', 'justification')
        check(['inSource', 'external'].includes(suppression.kind), 'suppression.kind')
      }
      check(Object.values(result.partialFingerprints).every((print) => typeof print === 'string'), 'partialFingerprints')
    }
  }
  return faults
}

interface Run {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string; readonly helpUri?: string; readonly shortDescription: { text: string }; readonly fullDescription: { text: string }; readonly help: { text: string }; readonly defaultConfiguration: { level: string }; readonly properties: { tags: readonly string[] } }[] } }
  readonly columnKind: string
  readonly results: readonly {
    readonly ruleId: string
    readonly ruleIndex: number
    readonly level: string
    readonly message: { readonly text: string }
    readonly partialFingerprints: object
    readonly suppressions?: readonly { readonly kind: string }[]
    readonly locations: readonly { readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string }; readonly region?: { readonly [figure: string]: number } }; readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[] }[]
  }[]
}

describe('as SARIF', () => {
  const log = toSarif([file, shipped], { version: '1.2.3', docsUrl: 'https://example.com/lint/' })
  const [run] = log['runs'] as readonly Run[]

  it('is SARIF 2.1.0', () => expect(sarifFaults(JSON.parse(JSON.stringify(log)))).toEqual([]))

  it('is held against it: what is no SARIF is told', () => {
    expect(sarifFaults({ version: '2.1', runs: [{ ...run, columnKind: 'bytes', results: [{ ...run?.results[0], level: 'fatal' }] }] }).length).toBeGreaterThan(2)
  })

  it('each finding has its place, and what is ignored its reason', () => {
    const placed = run?.results.find(({ ruleId }) => ruleId === 'retry-never-on-5xx')
    expect(placed?.locations[0]?.physicalLocation).toEqual({ artifactLocation: { uri: 'my%20contracts/a%23b.yaml' }, region: { startLine: 7, startColumn: 5 } })
    expect(run?.results.find(({ ruleId }) => ruleId === 'code-is-status')?.suppressions).toEqual([{ kind: 'external', justification: 'clients | know it' }])
  })

  it('has all rules, and their pages', () => {
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(lintRules.map(({ id }) => id))
    expect(run?.tool.driver.rules[0]?.helpUri).toBe(`https://example.com/lint/${lintRules[0]?.id}.md`)
    expect(severities).toEqual(['error', 'warning', 'note'])
  })
})
