import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { assert, constantFrom, property, record, subarray } from 'fast-check'
import { parseContract, serverReasons } from 'tollgate/contract'
import { expect, it, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { isProving } from '../../../../test/runs.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { loadConfig } from '../config/load-config.ts'
import { draftConfig } from './draft-config.ts'
import { contractText, draftFiles } from './draft-files.ts'
import { charges, readAnswers, usualReasons, type InitAnswers } from './init-answers.ts'
import { startDialects } from './start-dialects.ts'
import { writeDraft } from './write-draft.ts'

const answers = record({
  name: constantFrom('my-api', 'a', 'images2', 'your-api', 'x-y-z'),
  dialect: constantFrom(...startDialects),
  charge: constantFrom(...charges),
  price: constantFrom('1', '0.05', '12.3456'),
  reasons: subarray([...serverReasons]),
  upstream: constantFrom(undefined, 'http://127.0.0.1:7777'),
})

test('whatever is answered, the contract is whole and speaks for every reason, and the configuration has neither problem nor warning', () => {
  assert(
    property(answers, (given: InitAnswers) => {
      const parsed = parseContract(parse(contractText(given)))
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
      expect(parsed.contract.warnings).toEqual([])
      // Each reason that was chosen has an entry of its own, where the dialect has room for one.
      expect(given.dialect.ownCodes ? given.reasons.filter((reason) => parsed.contract.entryFor(reason, {}).reason !== reason) : []).toEqual([])

      const folder = mkdtempSync(join(tmpdir(), 'tollgate-init-'))
      try {
        writeDraft(folder, draftFiles(given, '0.0.0'), { force: false })
        const loaded = loadConfig(join(folder, 'tollgate.yaml'), { environment: {} })
        expect(loaded.ok ? loaded.warnings.map(formatProblem) : loaded.problems.map(formatProblem)).toEqual([])
      } finally {
        rmSync(folder, { recursive: true })
      }
    }),
    { numRuns: isProving ? 1_000 : 20 },
  )
})

// Credits are what `test/docs-begin.test.ts` begins with.
it.each(isProving ? charges : (['quota'] as const))('the test that is written passes as it is: %s', async (charge) => {
  const read = readAnswers({ name: 'my-api', charge })
  if (!read.ok) throw new Error(read.faults.join())
  // Inside the repository, so that the package is found.
  const folder = mkdtempSync(join(import.meta.dirname, '../../../../examples/your-api-init-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  writeDraft(folder, draftFiles(read.answers, '0.0.0'), { force: false })
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap'], { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } })
  expect(stdout).toMatch(/# pass 4\n# fail 0/)
})

it('every fault is said at once, with value and mend', () => {
  expect(readAnswers({ name: 'My API', dialect: 'openia', charge: 'credit', price: '-1', upstream: 'http://me:secret@localhost', codes: 'rate.limit' })).toEqual({
    ok: false,
    faults: [
      '"My API" is no name of an API here; begin with a letter, then small letters, digits and -: my-api',
      'there is no dialect "openia" to start with; did you mean "openai"?',
      '"credit" is no way to charge; did you mean "credits"?',
      '"-1" is no price; write a decimal above 0: 0.05',
      '"http://(secret)@localhost" must not hold a user and password',
      '"rate.limit" is no reason to refuse, nor a family of them; did you mean "rate.limited"?',
    ],
  })
})

it('codes are reasons, families of them, or all', () => {
  const reasonsOf = (codes: string) => {
    const read = readAnswers({ name: 'a', codes })
    return read.ok ? read.answers.reasons : read.faults
  }
  expect(reasonsOf('rate.limited, credit')).toEqual(['rate.limited', 'credit.insufficient'])
  expect(reasonsOf('session.* session')).toEqual(serverReasons.filter((reason) => reason.startsWith('session.')))
  expect(reasonsOf('all')).toEqual(serverReasons)
  expect(usualReasons('credits')).toContain('credit.insufficient')
})

it('a name of several words gives the keys their prefix', () => {
  const read = readAnswers({ name: 'weather-reports' })
  expect(read.ok && draftConfig(read.answers)).toContain('prefix: wr_ }')
})
