/** An ordinary day of JoggAI: people look at what there is and how far their videos are, order one now and then, and are refused in each way. */
import type { TrafficItem } from '../../api.ts'
import { get, order } from './requests.ts'
import { joggKeys } from './samples.ts'

const { valid, standard, stranger } = joggKeys

export const joggTraffic: readonly TrafficItem[] = [
  ...['/v2/avatars/public', '/v2/avatars/public?aspect_ratio=landscape', '/v2/avatars/custom', '/v2/voices?language=english', '/v2/events'].map((path) => ({ kind: 'request' as const, weight: 9, request: get(valid, path) })),
  ...[valid, standard, stranger].map((key) => ({ kind: 'request' as const, weight: 8, request: get(key, '/v2/user/remaining_quota') })),
  // Of one key, so the studio never has more to do than it can: what is beyond twenty a minute is refused.
  { kind: 'request', weight: 4, request: order(standard, 'The tide is out, and the whole harbour walks on the sand.') },
  ...[
    'malformed-json', 'missing-avatar', 'screen-style', 'script-and-recording', 'private-webhook', 'wrong-method', 'missing-key', 'unknown-key', 'revoked-key', 'expired-key',
    'no-access', 'suspended-account', 'unknown-video', 'unknown-avatar', 'unknown-path', 'length-beyond-balance', 'broken-shelf', 'broken-voices',
  ].map((recipe) => ({ kind: 'recipe' as const, weight: 1, recipe })),
  ...['nothing-left', 'post-limit'].map((recipe) => ({ kind: 'recipe' as const, weight: 2, recipe })),
]
