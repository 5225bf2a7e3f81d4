import type { Rule } from '../rule.ts'

export const allowMissing: Rule = {
  id: 'allow-missing',
  severity: 'warning',
  topic: 'http',
  title: 'A 405 that does not say what is allowed',
  why: 'A 405 MUST name the methods of the resource in `Allow`. The gateway fills it in where the method is what was wrong; under any other reason nobody knows it.',
  source: 'RFC 9110 section 15.5.6',
  fix: 'Write `headers: { Allow: "GET, HEAD" }` in the entry, or give it the reason `method.not_allowed`.',
  find: ({ entries }) =>
    entries.flatMap(({ path, status, reason, declared }) => {
      const names = Object.keys(declared.headers ?? {}).map((name) => name.toLowerCase())
      return status !== 405 || reason === undefined || reason === 'method.not_allowed' || names.includes('allow') ? [] : [{ path: `${path}.headers.Allow`, problem: `is missing, and nothing fills it in for ${reason}`, mend: 'name the methods: headers: { Allow: "GET, HEAD" }' }]
    }),
  bad: { declaration: { entries: { frozen: { code: 'FROZEN', status: 405, reason: 'resource.conflict' } } }, paths: ['entries.frozen.headers.Allow'] },
  good: { declaration: { entries: { frozen: { code: 'FROZEN', status: 405, reason: 'resource.conflict', headers: { Allow: 'GET, HEAD' } }, method: { code: 'METHOD', status: 405, reason: 'method.not_allowed' } } } },
}
