/** How to get each answer of ChatAds, in the order of its page. Who the keys belong to, and in what state: `samples.ts`. */
import { compact } from 'tollgate/contract'
import type { Recipe, RecipeRequest } from '../../recipe.ts'
import { chatadsKeys } from './samples.ts'

const PATH = '/chatads/v1/chatads/messages'
const question = 'I need running shoes'

function post(key: string | undefined, body: string, bodyInShell?: string): RecipeRequest {
  return {
    method: 'POST',
    path: PATH,
    headers: compact({ 'x-api-key': key, 'content-type': 'application/json' }),
    body,
    bodyInShell,
  }
}

export function ask(key: string | undefined, fields: { readonly [name: string]: unknown } = { message: question }): RecipeRequest {
  return post(key, JSON.stringify(fields))
}

export const chatadsRecipes: readonly Recipe[] = [
  {
    id: 'success',
    title: 'A call that succeeds',
    cause: 'A valid key of a team with plenty left. The answer carries its usage; the gateway streams it through untouched.',
    request: ask(chatadsKeys.valid),
  },
  {
    id: 'malformed-json',
    title: 'Malformed JSON',
    cause: 'The body breaks off in the middle.',
    entry: 'invalidInput',
    facts: { issue: 'the body is not valid JSON' },
    request: post(chatadsKeys.valid, '{"message":"I need running'),
  },
  {
    id: 'no-body',
    title: 'No body',
    cause: 'Nothing is sent where a message is expected.',
    entry: 'invalidInput',
    facts: { issue: 'a JSON body is required' },
    request: post(chatadsKeys.valid, ''),
  },
  {
    id: 'missing-message',
    title: 'No message',
    cause: 'The one field that is required is not there.',
    entry: 'invalidInput',
    facts: { field: 'message', issue: 'is required' },
    request: ask(chatadsKeys.valid, { country: 'DE' }),
  },
  {
    id: 'blank-message',
    title: 'A blank message',
    cause: 'Three spaces are not a message.',
    entry: 'invalidInput',
    facts: { field: 'message', issue: 'must not be blank' },
    request: ask(chatadsKeys.valid, { message: '   ' }),
  },
  {
    id: 'message-too-long',
    title: 'A message that is too long',
    cause: '5001 characters, one more than allowed.',
    entry: 'invalidInput',
    facts: { field: 'message', issue: 'must be at most 5000 characters' },
    request: post(chatadsKeys.valid, JSON.stringify({ message: '0'.repeat(5001) }), String.raw`"{\"message\":\"$(printf %05001d 0)\"}"`),
  },
  {
    id: 'unknown-country',
    title: 'A country that does not exist',
    cause: 'No schema can tell: the service itself refuses, and the gateway puts its words into the envelope.',
    entry: 'invalidInput',
    facts: { field: 'country', issue: 'must be an ISO 3166-1 alpha-2 country code' },
    request: ask(chatadsKeys.valid, { message: question, country: 'ZZ' }),
  },
  {
    id: 'unknown-path',
    title: 'An unknown path',
    cause: 'There is no such endpoint. The API has no code of its own for that, but its envelope holds.',
    entry: 'notFound',
    facts: { issue: 'there is no /chatads/v1/chatads/massages' },
    request: { ...ask(chatadsKeys.valid), path: '/chatads/v1/chatads/massages' },
  },
  {
    id: 'wrong-method',
    title: 'The wrong method',
    cause: 'Messages can only be posted; the Allow header says so.',
    entry: 'methodNotAllowed',
    facts: { method: 'GET' },
    request: { method: 'GET', path: PATH, headers: { 'x-api-key': chatadsKeys.valid } },
  },
  {
    id: 'missing-key',
    title: 'No API key',
    cause: 'The x-api-key header is absent.',
    entry: 'missingKey',
    request: ask(undefined),
  },
  {
    id: 'unknown-key',
    title: 'An unknown API key',
    cause: 'Well formed, but nobody has ever been given it.',
    entry: 'invalidKey',
    request: ask(chatadsKeys.unknown),
  },
  {
    id: 'revoked-key',
    title: 'A revoked API key',
    cause: 'It worked until its team revoked it. Only who holds the whole key is told.',
    entry: 'disabledKey',
    request: ask(chatadsKeys.revoked),
  },
  {
    id: 'disabled-key',
    title: 'A disabled API key',
    cause: 'Switched off for now; its team has other keys that work.',
    entry: 'disabledKey',
    request: ask(chatadsKeys.disabled),
  },
  {
    id: 'expired-key',
    title: 'An expired API key',
    cause: 'It was made to end with the year 2025.',
    entry: 'disabledKey',
    request: ask(chatadsKeys.expired),
  },
  {
    id: 'disabled-account',
    title: 'A disabled account',
    cause: 'The key is fine, the team it belongs to is not.',
    entry: 'disabledAccount',
    request: ask(chatadsKeys.disabledTeam),
  },
  {
    id: 'suspended-account',
    title: 'A suspended account',
    cause: 'Suspended until somebody lifts it.',
    entry: 'disabledAccount',
    request: ask(chatadsKeys.suspendedTeam),
  },
  {
    id: 'not-in-plan',
    title: 'An account without a plan for it',
    cause: 'The team exists and its key is valid, but nothing entitles it to this API.',
    entry: 'notInPlan',
    request: ask(chatadsKeys.notInPlan),
  },
  {
    id: 'blocked-word',
    title: 'A blocked word',
    cause: 'This team blocks the word “casino”. The answer does not say which word it was.',
    entry: 'contentBlocked',
    request: ask(chatadsKeys.blockedWord, { message: 'Any good Casino near the hotel?' }),
  },
  {
    id: 'burst',
    title: 'Two calls within a minute',
    cause: 'This team may call once in any 60 seconds; the second call is refused and told when the first leaves the window.',
    entry: 'rateLimitExceeded',
    request: ask(chatadsKeys.burst),
    repeat: 2,
  },
  {
    id: 'daily-limit',
    title: 'Past the daily limit',
    cause: 'A free team with 119 of 100 requests used today: attempts are counted before they are compared.',
    entry: 'dailyQuotaExceeded',
    facts: { period: 'day', used: 120, limit: 100 },
    request: ask(chatadsKeys.daily),
  },
  {
    id: 'monthly-limit',
    title: 'Past the monthly limit',
    cause: 'A starter team whose 5000 requests of this month are used up, though not those of today.',
    entry: 'monthlyQuotaExceeded',
    facts: { period: 'month', used: 5001, limit: 5000 },
    request: ask(chatadsKeys.monthly),
  },
  {
    id: 'broken-service',
    title: 'The service breaks',
    cause: 'The catalogue of this team was cut off while it was written. The service answers a bare 500; its stack stays in its log.',
    entry: 'internalError',
    request: ask(chatadsKeys.corruptShard),
  },
  {
    id: 'unavailable-service',
    title: 'The service is busy with itself',
    cause: 'The catalogue of this team is locked for re-indexing. The service answers a bare 503 that asks for 30 seconds.',
    entry: 'serviceUnavailable',
    request: ask(chatadsKeys.lockedShard),
  },
]
