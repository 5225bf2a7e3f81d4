import { describe, expect, it } from 'vitest'
import { slack } from './contracts.ts'

const read = (status: number, body: unknown) => slack.read({ status, headers: {}, body: JSON.stringify(body) })

describe('Slack', () => {
  it('refuses inside 200', () => {
    expect(read(200, { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'identify' })).toMatchObject({
      reason: 'permission.denied', retry: 'never', details: { needed: 'chat:write', provided: 'identify' },
    })
    expect(read(200, { ok: false, error: 'invalid_arguments', response_metadata: { messages: ['[ERROR] missing required field: channel'] } })).toMatchObject({
      reason: 'request.invalid', message: '[ERROR] missing required field: channel',
    })
    expect(read(200, { ok: false, error: 'fatal_error' })).toMatchObject({ reason: 'internal', retry: 'backoff' })
  })

  it.each([
    ['user_not_found', 'resource.not_found', 'never'], ['invalid_post_type', 'request.invalid', 'never'], ['ekm_access_denied', 'permission.denied', 'never'],
    ['paid_teams_only', 'account.not_entitled', 'never'], ['org_login_required', 'service.maintenance', 'backoff'],
  ])('reads families of codes: %s is %s', (error, reason, retry) => {
    expect(read(200, { ok: false, error })).toMatchObject({ code: error, reason, retry })
  })

  it('keeps a code that is not in the table, and repeats nothing for it', () => {
    expect(read(200, { ok: false, error: 'cant_touch_this' })).toMatchObject({ entry: undefined, code: 'cant_touch_this', reason: 'unknown', retry: 'never' })
  })

  it('answers with warnings are successes', () => {
    expect(read(200, { ok: true, warning: 'missing_charset', response_metadata: { warnings: ['missing_charset'] } })).toBeUndefined()
  })
})
