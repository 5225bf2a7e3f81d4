// Made of ../jogg.ts: UPDATE=1 npx vitest run packages/tollgate/src/catalog/small
import { tableDialect, type ReadBy } from '../../contract/read/table-dialect.ts'
import type { jogg as whole } from '../jogg.ts'

/** JoggAI, read alone, for pages that count their bytes. */
export const jogg = tableDialect<ReadBy<typeof whole>>({
  name: 'jogg',
  title: 'JoggAI',
  docs: 'https://docs.jogg.ai',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  requestId: { format: 'uuid' },
  envelope: { error: { code: '$code', msg: '$message', data: null }, success: { code: 0, msg: 'Success', data: '$data' } },
  error: {
    kind: 'object',
    members: [
      { kind: 'member', key: 'code', node: { kind: 'slot', slot: { kind: 'code', policy: 'always' } }, optional: false },
      { kind: 'member', key: 'msg', node: { kind: 'slot', slot: { kind: 'message', policy: 'always' } }, optional: false },
      { kind: 'member', key: 'data', node: { kind: 'literal', value: null }, optional: false },
    ],
  },
  codes: 'always',
  success: {
    node: {
      kind: 'object',
      members: [
        { kind: 'member', key: 'code', node: { kind: 'literal', value: 0 }, optional: false },
        { kind: 'member', key: 'msg', node: { kind: 'literal', value: 'Success' }, optional: false },
        { kind: 'member', key: 'data', node: { kind: 'slot', slot: { kind: 'data', policy: 'always' } }, optional: false },
      ],
    },
    marks: 2,
    dataPath: ['data'],
    isNullInErrors: true,
    codes: ['0'],
  },
  entries: {
    rateLimitExceeded: { code: 429, status: 429, reason: 'rate.limited', retryAfterSeconds: 60 },
    recordNotFound: { code: 10104, status: 404, reason: 'resource.not_found' },
    invalidKey: { code: 10105, status: 401, reason: 'credential.invalid' },
    missingKey: { code: 10105, status: 401, reason: 'credential.missing' },
    insufficientCredit: { code: 18020, status: 402, reason: 'credit.insufficient' },
    noApiPermission: { code: 18025, status: 403, reason: 'account.not_entitled' },
    parameterError: { code: 40000, status: 400, reason: 'request.invalid' },
    methodNotAllowed: { code: 40000, status: 405, reason: 'method.not_allowed' },
    systemError: { code: 50000, status: 500, reason: 'internal', action: 'wait' },
  },
})
