import type { Rule } from '../rule.ts'

export const challengeMissing: Rule = {
  id: 'challenge-missing',
  severity: 'error',
  topic: 'http',
  title: 'A 401 without a challenge',
  why: 'A server that answers 401 MUST say in `WWW-Authenticate` how to authenticate, and with 407 in `Proxy-Authenticate`. It is the commonest breach of HTTP among APIs with keys.',
  source: 'RFC 9110 sections 15.5.2 and 11.6.1',
  fix: 'Name the challenge once for all: `authenticate: ApiKey realm="my-api"`, or `Bearer realm="my-api"`.',
  claims: ({ path, problem }) => path === 'authenticate' && problem.startsWith('is missing, but'),
  bad: { declaration: { entries: { noKey: { code: 'NO_KEY', status: 401 } } }, paths: ['authenticate'] },
  good: { declaration: { authenticate: 'ApiKey realm="shop"', entries: { noKey: { code: 'NO_KEY', status: 401 } } } },
}
