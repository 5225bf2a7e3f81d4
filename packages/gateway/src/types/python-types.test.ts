/** The module for Python, run by the machine's own Python: what it reads of answers, and whether it would send again, is what the library says. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { aiApi, catalog, chatads, jogg, leaperone, nexalayer } from 'tollgate/catalog'
import { decideRetry } from 'tollgate/client'
import { defineContract, refuse, toReceivedHeaders, type Contract, type ContractDeclaration, type ReceivedAnswer } from 'tollgate/contract'
import { typicalFacts } from 'tollgate/testing'
import { isProving } from '../../../../test/runs.ts'
import { toRefusal } from '../../../tollgate/src/client/read-refusal-answer.ts'
import { advisePlainly } from '../../../tollgate/src/client/advise.ts'
import { describeContract, EXAMPLE_NOW_MS } from '../docs/model/describe-contract.ts'
import { hostileContract } from './fixtures/hostile-contract.ts'
import { pythonAttributes } from './python-names.ts'
import { writeTypes } from './write-types.ts'

type Received = ReceivedAnswer & { readonly body: string }

const variants = [chatads, jogg].map((contract) => defineContract({ ...contract.declaration, name: `${contract.name}-200`, alwaysStatus: 200 } as unknown as ContractDeclaration))
const form = defineContract({ ...chatads.declaration, name: 'chatads-form', envelope: { error: { code: '$code', message: '$message', id: '$requestId', '...': '$details' }, contentType: 'application/x-www-form-urlencoded' } } as unknown as ContractDeclaration)
const text = defineContract({ ...leaperone.declaration, name: 'leaperone-text', envelope: { error: '$code: $message ($type)', contentType: 'text/plain' } } as unknown as ContractDeclaration)
const contracts = [aiApi, chatads, jogg, leaperone, nexalayer, catalog['problem'], catalog['openai'], hostileContract, ...variants, form, text] as unknown as readonly Contract[]
const five = contracts.slice(0, 5)

/** As a client is used: once where nothing may be repeated, and where all may; where time, attempts and patience end. */
const calls = [
  { attempt: 1, attemptsMax: 3, isRepeatable: false, isReplayable: true, leftMs: Infinity, waitMaxMs: 60_000, random: 0.5, canRefresh: false },
  { attempt: 2, attemptsMax: 3, isRepeatable: true, isReplayable: true, leftMs: 600_000, waitMaxMs: 60_000, random: 0.999, canRefresh: true },
  { attempt: 3, attemptsMax: 3, isRepeatable: true, isReplayable: true, leftMs: 600_000, waitMaxMs: 60_000, random: 0, canRefresh: true },
  { attempt: 1, attemptsMax: 3, isRepeatable: true, isReplayable: false, leftMs: 600_000, waitMaxMs: 60_000, random: 0, canRefresh: true },
  { attempt: 1, attemptsMax: 9, isRepeatable: true, isReplayable: true, leftMs: 600_000, waitMaxMs: 100, random: 0.25, canRefresh: true, hasRefreshed: true },
  { attempt: 6, attemptsMax: 9, isRepeatable: true, isReplayable: true, leftMs: 700, waitMaxMs: 60_000, random: 0.9, canRefresh: true },
] as const

function toReceived({ status, headers, body }: { readonly status: number; readonly headers: readonly string[]; readonly body: string }): Received {
  return { status, headers: toReceivedHeaders(headers), body } as Received
}

/** The examples; the same with all that an entry may tell, and with nothing; what no contract writes. */
function answersOf(contract: Contract): readonly Received[] {
  const described = describeContract(contract, { nowMs: EXAMPLE_NOW_MS })
  const examples = described.entries.map(({ example }) => toReceived(example.answer))
  const context = { requestId: 'req_1', nowMs: EXAMPLE_NOW_MS }
  const told = [...contract.entries.values()].flatMap((entry) => [typicalFacts(entry, EXAMPLE_NOW_MS), {}, { waitHelps: false as const }].map((facts) => toReceived(contract.answer(refuse(entry.reason, facts, { entry: entry.id }), context))))
  const headers = { 'content-type': 'application/json' }
  const strange: readonly Received[] = ['', 'null', '[]', '{}', '1', '"x"', '{"error":{"code":"NEW_CODE","message":"New."}}', '{"code":99,"msg":"New.","data":null}', '{"success":false,"error":{"code":"NEW_CODE","message":"New.","details":{"limit":"7"}}}', '{"error":"x"}', '{"code":{}}', '<html>', '['.repeat(2_000), '{"success":true,"data":{}}', '{"error":{"code":1e400,"message":"x"}}', '{"success":0,"error":{"code":"INVALID_INPUT","message":"x"}}']
    .flatMap((body) => (isProving ? [400, 401, 408, 429, 500, 503] : [400, 429]).map((status) => ({ status, headers, body })))
  const changed: readonly Received[] = examples.flatMap((answer) => [
    { ...answer, headers: { ...answer.headers, 'retry-after': 'Thu, 15 Jan 2026 12:01:40 GMT', date: 'Thu, 15 Jan 2026 12:00:00 GMT' } },
    { ...answer, headers: { ...answer.headers, 'x-should-retry': 'false' } },
    { ...answer, headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => name !== 'retry-after')) },
    { ...answer, body: answer.body.replaceAll(/:(\d+)/g, ':"$1"') },
    { ...answer, body: answer.body.slice(0, -1) },
    { ...answer, body: answer.body.replaceAll(/:\d+/g, `:${'9'.repeat(400)}`) },
  ].map((each) => each as Received))
  return [...examples, ...told, toReceived(contract.success({ id: 1 }, context)), ...strange, ...changed]
}

/** What the library says of an answer, in the words of the module. */
function saidBy(contract: Contract, answer: Received): unknown {
  const read = contract.read(answer)
  if (read === undefined) return null
  const refusal = toRefusal(advisePlainly, [contract as never], answer, EXAMPLE_NOW_MS, false)
  const { init, isUndone = false, shouldRetry, isKnown } = refusal ?? {}
  const retryAfterMs = read.retryAfterSeconds === undefined ? undefined : read.retryAfterSeconds * 1_000
  const { reason, retry, action } = init === undefined || read.entry !== undefined ? read : init
  return {
    entry: read.entry ?? null, code: read.code ?? null, status: read.status, reason, retry, action, message: read.message, details: read.details,
    request_id: read.requestId ?? null, retry_after_seconds: read.retryAfterSeconds ?? null, is_undone: isUndone,
    decisions: calls.map((call) => {
      const decided = decideRetry({ ...call, reason, retry, retryAfterMs, isUndone, shouldRetry, isKnown, backoff: { baseMs: 500, maxMs: 20_000 }, nowMs: EXAMPLE_NOW_MS })
      return decided.kind === 'retry' ? { retry: true, because: decided.because, after: decided.delayMs, at: null } : { retry: false, because: decided.because, after: null, at: decided.retryAtMs ?? null }
    }),
  }
}

const driver = String.raw`
import ast, dataclasses, importlib, json, math, sys

sys.path.insert(0, sys.argv[1])
given = json.load(sys.stdin)
out = {}
for name, answers in given["modules"].items():
    with open(sys.argv[1] + "/" + name + ".py", encoding="utf-8") as file:
        source = file.read()
    ast.parse(source, feature_version=(3, 9))
    module = importlib.import_module(name)
    said = []
    for answer in answers:
        error = module.read_error(answer["status"], answer["headers"], answer["body"])
        if error is None:
            said.append(None)
            continue
        decisions = []
        for call in given["calls"]:
            made = module.decide_retry(
                error, attempt=call["attempt"], attempts=call["attemptsMax"], repeatable=call["isRepeatable"], replayable=call["isReplayable"],
                can_refresh=call["canRefresh"], has_refreshed=call.get("hasRefreshed", False),
                left_seconds=math.inf if call["leftMs"] is None else call["leftMs"] / 1000, wait_max_seconds=call["waitMaxMs"] / 1000, random=call["random"], now=given["nowMs"] / 1000)
            decisions.append({"retry": made.retry, "because": made.because, "after": None if made.after_seconds is None else round(made.after_seconds * 1000), "at": None if made.retry_at is None else round(made.retry_at * 1000)})
        typed = None if error.details is None else dataclasses.asdict(error.details)
        said.append({"entry": error.entry, "code": error.code, "status": error.status, "reason": error.reason, "retry": error.retry, "action": error.action, "message": error.message,
                     "details": error.raw_details, "request_id": error.request_id, "retry_after_seconds": error.retry_after_seconds, "is_undone": error.is_undone, "decisions": decisions, "typed": typed,
                     "is_one": isinstance(error, Exception) and str(error) == error.message})
    out[name] = said
json.dump(out, sys.stdout)
`

function askPython(): { readonly [name: string]: readonly unknown[] } {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-python-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const contract of contracts) {
    const result = writeTypes(contract, describeContract(contract, { nowMs: EXAMPLE_NOW_MS }), 'python')
    if (result.kind !== 'written') throw new Error(result.message)
    writeFileSync(join(folder, `${moduleOf(contract)}.py`), result.text)
  }
  writeFileSync(join(folder, 'driver.py'), driver)
  const given = { modules: Object.fromEntries(contracts.map((contract) => [moduleOf(contract), answersOf(contract)])), calls, nowMs: EXAMPLE_NOW_MS }
  // -W error: a module that warns is not whole.
  return JSON.parse(execFileSync('python3', ['-W', 'error', '-B', join(folder, 'driver.py'), folder], { input: JSON.stringify(given), encoding: 'utf8', maxBuffer: 200_000_000 })) as { readonly [name: string]: readonly unknown[] }
}

function moduleOf({ name }: Contract): string {
  return `${name.replaceAll('-', '_')}_errors`
}

describe('the module for Python', () => {
  it('reads what the library reads, of every example of the five contracts and of what no contract writes, and decides as its client does', () => {
    const said = askPython()
    let compared = 0
    for (const contract of contracts) {
      const answers = answersOf(contract)
      const ofPython = said[moduleOf(contract)] ?? []
      expect(ofPython).toHaveLength(answers.length)
      for (const [index, answer] of answers.entries()) {
        const { typed, is_one: isOne, ...read } = (ofPython[index] ?? {}) as { readonly typed?: Record<string, unknown> | null; readonly is_one?: boolean; readonly details?: Record<string, unknown>; readonly entry?: string }
        expect({ contract: contract.name, answer, said: ofPython[index] === null ? null : read }).toEqual({ contract: contract.name, answer, said: saidBy(contract, answer) })
        if (ofPython[index] === null) continue
        compared += 1
        expect(isOne).toBe(true)
        // The dataclass has the same figures, under names that Python takes.
        const attributes = pythonAttributes(contract.detailsOf(read.entry ?? '').map(({ name }) => name))
        expect(typed).toEqual(read.entry === null ? null : Object.fromEntries([...attributes].map(([name, attribute]) => [attribute, Object.hasOwn(read.details ?? {}, name) ? (read.details?.[name] ?? null) : null])))
      }
    }
    expect(compared).toBeGreaterThan(five.reduce((sum, { entries }) => sum + entries.size, 0) * 4)
  })
})
