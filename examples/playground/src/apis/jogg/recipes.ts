/** How to get each answer of JoggAI, in the order of its page. Who the keys belong to, and in what state: `samples.ts`. Long, since it is one list. */
import type { Recipe } from '../../recipe.ts'
import { endpoint, get, look, order, orderOf, orderZeros, post, remove, video } from './requests.ts'
import { joggKeys } from './samples.ts'

const { valid } = joggKeys
const welcome = 'Hi, welcome to JoggAI and create longer videos with Talking Avatars in minutes!'
const ownVoice = { voice_id: 'custom_first_take', script: welcome }

const successes: readonly Recipe[] = [
  {
    id: 'order',
    title: 'A video on order',
    cause: 'One credit by the length of its script. The gateway holds it before the service is asked, and charges what the service’s answer says.',
    request: order(valid, welcome),
  },
  {
    id: 'short-form',
    title: 'An order in the short form',
    cause: 'The fields may stand at the top instead of in groups; the price follows the script to where it stands.',
    request: orderOf(valid, { avatar_id: 127, voice_id: 'en-GB-SoniaNeural', script: welcome, ...look }),
  },
  {
    id: 'completed',
    title: 'A video that is done',
    cause: 'It waits a second, takes four to render, and is then at the address in the answer, for anybody who knows it.',
    before: [{ request: order(valid, welcome), capture: { video: 'video_id' }, thenWaitSeconds: 6 }],
    request: video(valid, '{{video}}'),
  },
  {
    id: 'failed',
    title: 'A video that fails',
    cause: 'The drawing of avatar 140 was cut off while it was written. The call succeeds, the video has failed; its credit was due with the order.',
    before: [{ request: order(valid, welcome, { avatar: { avatar_id: 140 } }), capture: { video: 'video_id' }, thenWaitSeconds: 3 }],
    request: video(valid, '{{video}}'),
  },
  {
    id: 'own-avatar',
    title: 'An avatar of one’s own',
    cause: 'Only this studio has it.',
    request: get(valid, '/v2/avatars/custom'),
  },
  {
    id: 'remaining-quota',
    title: 'The credits that are left',
    cause: 'Read from the gateway’s ledger; the service keeps no account.',
    request: get(joggKeys.stranger, '/v2/user/remaining_quota'),
  },
  {
    id: 'webhook',
    title: 'A webhook comes and goes',
    cause: 'It is registered, which shows its secret, and deleted again.',
    before: [{ request: endpoint(valid, 'https://hooks.lighthouse.example/jogg'), capture: { endpoint: 'endpoint_id' } }],
    request: remove(valid, '/v2/endpoint/{{endpoint}}'),
  },
]

const limited: readonly Recipe[] = [
  {
    id: 'post-limit',
    title: 'Twenty-one POST within a minute',
    cause: 'Each key may send twenty in any sixty seconds, and those that are invalid count: these lack their avatar.',
    entry: 'rateLimitExceeded',
    request: orderOf(joggKeys.busy, {}),
    repeat: 21,
  },
  {
    id: 'key-limit',
    title: 'A key with a lower limit',
    cause: 'Its studio’s other key may send six hundred, this one a single POST a minute.',
    entry: 'rateLimitExceeded',
    request: order(joggKeys.slow, welcome),
    repeat: 2,
  },
]

const unfound: readonly Recipe[] = [
  {
    id: 'unknown-video',
    title: 'A video that does not exist',
    cause: 'Nobody ever ordered it.',
    entry: 'recordNotFound',
    request: video(valid, 'video_00000000000000000000000000000000'),
  },
  {
    id: 'foreign-video',
    title: 'Somebody else’s video',
    cause: 'It is there, but another account ordered it: whoever asks learns nothing.',
    entry: 'recordNotFound',
    before: [{ request: order(valid, welcome), capture: { video: 'video_id' } }],
    request: video(joggKeys.stranger, '{{video}}'),
  },
  {
    id: 'unknown-avatar',
    title: 'An avatar that does not exist',
    cause: 'Only the service knows. It refuses, and what was held is given back.',
    entry: 'recordNotFound',
    request: order(valid, welcome, { avatar: { avatar_id: 4_711 } }),
  },
  {
    id: 'foreign-avatar',
    title: 'Somebody else’s avatar',
    cause: 'Avatar 9001 belongs to Lighthouse Studio alone.',
    entry: 'recordNotFound',
    request: order(joggKeys.stranger, welcome, { avatar: { avatar_type: 1, avatar_id: 9_001 } }),
  },
  {
    id: 'unknown-voice',
    title: 'A voice that does not exist',
    cause: 'Neither among everybody’s voices nor among those of the account.',
    entry: 'recordNotFound',
    request: order(valid, welcome, { voice: { voice_id: 'en-US-NobodyNeural', script: welcome } }),
  },
  {
    id: 'unknown-endpoint',
    title: 'A webhook that does not exist',
    cause: 'There is nothing to delete.',
    entry: 'recordNotFound',
    request: remove(valid, '/v2/endpoint/wh_000000000000000000000000'),
  },
  {
    id: 'unknown-path',
    title: 'An unknown path',
    cause: 'There is no such endpoint. The API has no code of its own for that, but its envelope holds.',
    entry: 'recordNotFound',
    request: get(valid, '/v2/avatar_videos'),
  },
]

const unauthorized: readonly Recipe[] = [
  {
    id: 'missing-key',
    title: 'No API key',
    cause: 'The x-api-key header is absent.',
    entry: 'missingKey',
    request: order(undefined, welcome),
  },
  {
    id: 'wrong-header',
    title: 'A key in the wrong header',
    cause: 'A good key, but where nobody looks for it.',
    entry: 'missingKey',
    request: { ...get(undefined, '/v2/user/whoami'), headers: { authorization: `Bearer ${valid}` } },
  },
  {
    id: 'unknown-key',
    title: 'An unknown API key',
    cause: 'Well formed, but nobody has ever been given it.',
    entry: 'invalidKey',
    request: order(joggKeys.unknown, welcome),
  },
  {
    id: 'revoked-key',
    title: 'A revoked API key',
    cause: 'It worked until its owner revoked it.',
    entry: 'invalidKey',
    request: order(joggKeys.revoked, welcome),
  },
  {
    id: 'disabled-key',
    title: 'A disabled API key',
    cause: 'Switched off for now; the studio has other keys that work.',
    entry: 'invalidKey',
    request: order(joggKeys.disabled, welcome),
  },
  {
    id: 'expired-key',
    title: 'An expired API key',
    cause: 'It was made to end with the year 2025.',
    entry: 'invalidKey',
    request: order(joggKeys.expired, welcome),
  },
]

const unpaid: readonly Recipe[] = [
  {
    id: 'nothing-left',
    title: 'Less than one credit',
    cause: 'The shortest video costs one; half a credit is left, and stays.',
    entry: 'insufficientCredit',
    request: order(joggKeys.penniless, welcome),
  },
  {
    id: 'length-beyond-balance',
    title: 'A script that is too long for the balance',
    cause: 'One credit is there. 1441 characters last one more than two minutes may, so they cost two.',
    entry: 'insufficientCredit',
    request: orderZeros(joggKeys.smallChange, 1_441),
  },
  {
    id: 'recording-beyond-balance',
    title: 'A recording of unknown length',
    cause: 'Until the service has looked at it, it may last ten minutes: five credits are held, and what is not due is given back. One is there.',
    entry: 'insufficientCredit',
    request: order(joggKeys.smallChange, welcome, { voice: { audio_url: 'https://recordings.studio.example/first-take.wav' } }),
  },
]

const forbidden: readonly Recipe[] = [
  {
    id: 'no-access',
    title: 'An account without access to the API',
    cause: 'The account exists and its key is valid, but nothing entitles it to the API.',
    entry: 'noApiPermission',
    request: order(joggKeys.noAccess, welcome),
  },
  {
    id: 'closed-account',
    title: 'A disabled account',
    cause: 'The key is fine, the account it belongs to is not.',
    entry: 'noApiPermission',
    request: get(joggKeys.closedAccount, '/v2/user/whoami'),
  },
  {
    id: 'suspended-account',
    title: 'A suspended account',
    cause: 'Suspended until somebody lifts it.',
    entry: 'noApiPermission',
    request: get(joggKeys.suspendedAccount, '/v2/user/whoami'),
  },
]

const invalid: readonly Recipe[] = [
  {
    id: 'missing-avatar',
    title: 'No avatar',
    cause: 'Of all that an empty order lacks, the message names the first.',
    entry: 'parameterError',
    facts: { field: 'avatar_id', issue: 'is required' },
    request: orderOf(valid, {}),
  },
  {
    id: 'malformed-json',
    title: 'Malformed JSON',
    cause: 'The body breaks off in the middle.',
    entry: 'parameterError',
    facts: { issue: 'the body is not valid JSON' },
    request: post(valid, '/v2/create_video_from_avatar', '{"avatar":{"avatar_id":81'),
  },
  {
    id: 'no-body',
    title: 'No body',
    cause: 'Nothing is sent where an order is expected.',
    entry: 'parameterError',
    facts: { issue: 'a JSON body is required' },
    request: post(valid, '/v2/create_video_from_avatar', ''),
  },
  {
    id: 'screen-style',
    title: 'A screen style that does not exist',
    cause: 'There are three.',
    entry: 'parameterError',
    facts: { field: 'screen_style', issue: 'must be one of 1, 2, 3' },
    request: order(valid, welcome, { screen_style: 4 }),
  },
  {
    id: 'script-too-long',
    title: 'A script that is too long',
    cause: '6001 characters, one more than allowed.',
    entry: 'parameterError',
    facts: { field: 'voice.script', issue: 'must be at most 6000 characters' },
    request: orderZeros(valid, 6_001),
  },
  {
    id: 'script-and-recording',
    title: 'A script and a recording',
    cause: 'Which one is meant? The service refuses to guess; the gateway puts its words into the envelope and gives back what was held.',
    entry: 'parameterError',
    facts: { field: 'voice.audio_url', issue: 'must not be given beside voice.script: choose one of them' },
    request: order(valid, welcome, { voice: { voice_id: 'en-US-JennyNeural', script: welcome, audio_url: 'https://recordings.studio.example/first-take.wav' } }),
  },
  {
    id: 'private-webhook',
    title: 'A webhook into a private network',
    cause: 'The service calls nobody who is not on the open internet. Nothing is made, and nothing is due.',
    entry: 'parameterError',
    facts: { field: 'webhook_url', issue: 'must be reachable from the internet' },
    request: order(valid, welcome, { webhook_url: 'https://169.254.169.254/latest' }),
  },
  {
    id: 'wrong-method',
    title: 'The wrong method',
    cause: 'Videos can only be posted; the Allow header says so. The page has no code of its own for that.',
    entry: 'methodNotAllowed',
    facts: { method: 'GET' },
    request: get(valid, '/v2/create_video_from_avatar'),
  },
]

const broken: readonly Recipe[] = [
  {
    id: 'broken-shelf',
    title: 'The service breaks',
    cause: 'This studio’s own voices were cut off while they were written. The service answers a bare 500; its stack stays in its log, and the hold is given back.',
    entry: 'systemError',
    request: order(joggKeys.corruptShelf, welcome, { voice: ownVoice }),
  },
  {
    id: 'broken-voices',
    title: 'The service breaks while it reads',
    cause: 'The same file, merely looked at. To call the list empty would be a guess.',
    entry: 'systemError',
    request: get(joggKeys.corruptShelf, '/v2/voices/custom'),
  },
]

export const joggRecipes: readonly Recipe[] = [...successes, ...limited, ...unfound, ...unauthorized, ...unpaid, ...forbidden, ...invalid, ...broken]
