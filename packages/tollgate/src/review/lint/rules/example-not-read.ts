import { matchExamples } from '../example-match.ts'
import type { Rule } from '../rule.ts'

export const exampleNotRead: Rule = {
  id: 'example-not-read',
  severity: 'error',
  topic: 'contradiction',
  title: 'An example that is no answer of this contract',
  why: 'It is copied into tests and SDKs, and no such answer comes: a constant is another, the code is that of no entry, or what is shown as an error reads as a success.',
  source: 'RFC 9457 section 4: a problem type is documented as it comes',
  fix: 'Take the example from the contract: `tollgate contract answer CONTRACT ENTRY`.',
  find: (literal) =>
    matchExamples(literal).flatMap(({ path, example, contradictions, code, entry }) => {
      const [wrong] = contradictions
      if (wrong !== undefined) return [{ path: wrong.path, value: wrong.value, problem: `stands in an example, and the contract has ${wrong.expected} there`, mend: 'mend the example, or the envelope' }]
      if (example.success === true) return []
      if (code !== undefined && entry === undefined) return [{ path: code.path, value: code.value, problem: 'is the code of no entry', mend: 'mend the example, or write the entry' }]
      const isRefusal = literal.contract?.read({ status: example.status ?? entry?.sentAs ?? 400, headers: lowered(example.headers), body: JSON.stringify(example.body) }) !== undefined
      return literal.contract !== undefined && !isRefusal ? [{ path: `${path}.body`, problem: 'is read as no refusal', mend: 'mend the example, or the envelope' }] : []
    }),
  bad: { declaration: { envelope: { error: { ok: false, code: '$code' } }, examples: [{ status: 429, body: { ok: true, code: 'SLOW' } }, { body: { ok: false, code: 'FAST' } }], entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' } } }, paths: ['examples[0].body.ok', 'examples[1].body.code'] },
  good: { declaration: { envelope: { error: { ok: false, code: '$code' } }, examples: [{ status: 429, body: { ok: false, code: 'SLOW' } }], entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' } } } },
}

function lowered(headers: { readonly [name: string]: string } = {}): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
