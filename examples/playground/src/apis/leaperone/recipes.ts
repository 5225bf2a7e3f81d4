/**
 * How to get each answer of LEAPERone, in the order of its page. Who the keys belong to, and in what state: `samples.ts`. Long, since it is one list.
 */
import type { Recipe } from '../../recipe.ts'
import { chat, chatOf, get, order, post, task, tone, transcribe } from './requests.ts'
import { leaperoneKeys } from './samples.ts'

const { valid } = leaperoneKeys
const harbour = 'Two sentences about the harbour, please.'

/** A tombstone of the service's: it was made in January 2025, by Studio Lindqvist. */
const expiredTask = 'img_0a1b2c3d4e5f60718293a4b5c6d7e8f9'
/** Another one, whose file was cut off while it was written. */
const damagedTask = 'img_ffeeddccbbaa99887766554433221100'

const FILE_BYTES_MAX = 25 * 1024 * 1024

const successes: readonly Recipe[] = [
  {
    id: 'chat',
    title: 'A chat that is answered',
    cause: 'The most that it can cost is held before the model is asked; what its usage says is charged, to the millionth of a credit.',
    request: chat(valid, harbour),
  },
  {
    id: 'chat-stream',
    title: 'A chat that streams',
    cause: 'The gateway passes each chunk on as it comes, and charges by the usage in the last of them.',
    request: chat(valid, harbour, { stream: true, stream_options: { include_usage: true } }),
  },
  {
    id: 'image',
    title: 'Images on order',
    cause: 'Half a credit for each image is held when the task is made, and charged when its images are there: about three seconds for one.',
    before: [{ request: order(valid, 'A harbour before the rain'), capture: { task: 'id' }, thenWaitSeconds: 4 }],
    request: task(valid, '{{task}}'),
  },
  {
    id: 'image-failed',
    title: 'A task that fails costs nothing',
    cause: 'Nobody can open the theme of attics any more. The call succeeds, the task has failed, and what was held for it is back.',
    before: [{ request: order(valid, 'The attic at noon'), capture: { task: 'id' }, thenWaitSeconds: 2 }],
    request: task(valid, '{{task}}'),
  },
  {
    id: 'audio',
    title: 'A recording that is understood',
    cause: 'The model hears Morse code, and this is one dot. It costs 0.006 credits by the started minute, as the service says in its answer.',
    request: transcribe(valid, tone(1_600)),
  },
  {
    id: 'balance',
    title: 'The balance',
    cause: 'What is there and what is held for tasks that have not ended, read from the gateway’s ledger.',
    request: get(valid, '/v1/cli/credits/balance'),
  },
  {
    id: 'models',
    title: 'The models, without a key',
    cause: 'Whoever wants to know what there is need not be known.',
    request: get(undefined, '/v1/models'),
  },
]

const invalid: readonly Recipe[] = [
  {
    id: 'malformed-json',
    title: 'Malformed JSON',
    cause: 'The body breaks off in the middle.',
    entry: 'invalidRequest',
    facts: { issue: 'the body is not valid JSON' },
    request: post(valid, '/v1/chat/completions', '{"model":"auto","messages":['),
  },
  {
    id: 'temperature-too-high',
    title: 'A value out of its range',
    cause: 'Temperatures end at 2.',
    entry: 'invalidRequest',
    facts: { field: 'temperature', issue: 'must be at most 2' },
    request: chat(valid, harbour, { temperature: 3 }),
  },
  {
    id: 'max-tokens-too-high',
    title: 'More tokens than the model has',
    cause: 'Only the service knows how long the prompt is and what room it leaves: it refuses, and what was held is given back.',
    entry: 'invalidRequest',
    facts: { field: 'max_tokens', issue: 'must be at most 4096, which is what this model has left after a prompt of 17 tokens' },
    request: chat(valid, harbour, { max_tokens: 100_000 }),
  },
  {
    id: 'prompt-too-long',
    title: 'A prompt that is too long',
    cause: '16,384 full stops are as many tokens: the whole context of the model, with no room for an answer.',
    entry: 'invalidRequest',
    facts: { field: 'messages', issue: 'must fit the context of 16384 tokens with room for an answer; they have 16391' },
    request: {
      ...chat(valid, '.'.repeat(16_384)),
      bodyInShell: String.raw`"{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"$(head -c 16384 /dev/zero | tr '\0' .)\"}]}"`,
    },
  },
  {
    id: 'tools',
    title: 'Tools for a model without hands',
    cause: 'An answer that ignores them would be taken for one that needed none. So the service refuses.',
    entry: 'invalidRequest',
    facts: { field: 'tools', issue: 'must be absent or empty: this model calls no tools' },
    request: chat(valid, harbour, { tools: [{ type: 'function', function: { name: 'tide_at' } }] }),
  },
  {
    id: 'private-callback',
    title: 'A callback into a private network',
    cause: 'The service calls nobody who is not on the open internet. The task is not made.',
    entry: 'invalidRequest',
    facts: { field: 'callbackUrl', issue: 'must be reachable from the internet' },
    request: order(valid, 'A lighthouse', { callbackUrl: 'https://169.254.169.254/latest' }),
  },
  {
    id: 'not-a-recording',
    title: 'A file that is no recording',
    cause: 'It is called hello.wav, but what is in it is text.',
    entry: 'invalidRequest',
    facts: { field: 'file', issue: 'must be a WAV file, whatever its name; this is nothing that we know' },
    request: transcribe(valid, { filename: 'hello.wav', type: 'audio/wav', begins: 'Hello?' }),
  },
  {
    id: 'recording-too-large',
    title: 'A recording that is too large',
    cause: 'It has 45 bytes more than 25 MB. They are read away as they come, and never kept.',
    entry: 'invalidRequest',
    facts: { field: 'file', issue: 'must be at most 25 MB' },
    request: transcribe(valid, tone(FILE_BYTES_MAX + 1)),
  },
  {
    id: 'missing-messages',
    title: 'No messages',
    cause: 'A model without anything to answer.',
    entry: 'missingField',
    facts: { field: 'messages' },
    request: chatOf(valid, { model: 'auto' }),
  },
  {
    id: 'missing-prompt',
    title: 'No prompt',
    cause: 'An image of nothing in particular.',
    entry: 'missingField',
    facts: { field: 'prompt' },
    request: post(valid, '/v1/images/generations', JSON.stringify({ model: 'landscape-1' })),
  },
  {
    id: 'unknown-model',
    title: 'An unknown model',
    cause: 'The field is there and well formed, but no model of ours has this name.',
    entry: 'modelNotFound',
    request: chat(valid, harbour, { model: 'gpt-2' }),
  },
]

const unauthorized: readonly Recipe[] = [
  {
    id: 'missing-key',
    title: 'No API key',
    cause: 'Neither Authorization nor X-API-Key is there.',
    entry: 'missingKey',
    request: chat(undefined, harbour),
  },
  {
    id: 'wrong-scheme',
    title: 'The wrong scheme',
    cause: 'A good key, but sent as Basic instead of Bearer.',
    entry: 'invalidKey',
    request: { ...get(undefined, '/v1/cli/credits/balance'), headers: { authorization: `Basic ${valid}` } },
  },
  {
    id: 'unknown-key',
    title: 'An unknown API key',
    cause: 'Well formed, but nobody has ever been given it. Here it comes in X-API-Key.',
    entry: 'invalidKey',
    request: { ...get(undefined, '/v1/cli/credits/balance'), headers: { 'x-api-key': leaperoneKeys.unknown } },
  },
  {
    id: 'revoked-key',
    title: 'A revoked API key',
    cause: 'It worked until its owner revoked it.',
    entry: 'invalidKey',
    request: chat(leaperoneKeys.revoked, harbour),
  },
  {
    id: 'disabled-key',
    title: 'A disabled API key',
    cause: 'Switched off for now; the account has other keys that work.',
    entry: 'invalidKey',
    request: chat(leaperoneKeys.disabled, harbour),
  },
  {
    id: 'expired-key',
    title: 'An expired API key',
    cause: 'It was made to end with the year 2025.',
    entry: 'invalidKey',
    request: chat(leaperoneKeys.expired, harbour),
  },
  {
    id: 'disabled-account',
    title: 'A disabled account',
    cause: 'The key is fine, the account it belongs to is not. The page has no 403.',
    entry: 'notPermitted',
    request: chat(leaperoneKeys.closedAccount, harbour),
  },
  {
    id: 'suspended-account',
    title: 'A suspended account',
    cause: 'Suspended until somebody lifts it.',
    entry: 'notPermitted',
    request: chat(leaperoneKeys.suspendedAccount, harbour),
  },
  {
    id: 'not-in-plan',
    title: 'An account without a plan for it',
    cause: 'The account exists and its key is valid, but nothing entitles it to this API.',
    entry: 'notPermitted',
    request: chat(leaperoneKeys.noPlan, harbour),
  },
]

const unpaid: readonly Recipe[] = [
  {
    id: 'chat-beyond-balance',
    title: 'A model that is too dear',
    cause: 'There is about a hundredth of a credit: enough for the smallest model, not for what an answer of gpt-5 may cost.',
    entry: 'insufficientCredits',
    request: chat(leaperoneKeys.almostEmpty, harbour, { model: 'gpt-5' }),
  },
  {
    id: 'choices-beyond-balance',
    title: 'Too many choices',
    cause: 'The small model could be paid for, but each of eight choices has its price.',
    entry: 'insufficientCredits',
    request: chat(leaperoneKeys.almostEmpty, harbour, { n: 8 }),
  },
  {
    id: 'image-beyond-balance',
    title: 'An image that cannot be paid for',
    cause: 'It costs half a credit. No task is made.',
    entry: 'insufficientCredits',
    request: order(leaperoneKeys.almostEmpty, 'A harbour before the rain'),
  },
]

const unfound: readonly Recipe[] = [
  {
    id: 'unknown-path',
    title: 'An unknown path',
    cause: 'There is no such endpoint.',
    entry: 'notFound',
    request: get(valid, '/v1/chats'),
  },
  {
    id: 'wrong-method',
    title: 'The wrong method',
    cause: 'Chats can only be posted. The page has no 405.',
    entry: 'notFound',
    request: get(valid, '/v1/chat/completions'),
  },
  {
    id: 'unknown-task',
    title: 'A task that does not exist',
    cause: 'Nobody ever ordered it.',
    entry: 'notFound',
    request: task(valid, 'img_00000000000000000000000000000000'),
  },
  {
    id: 'foreign-task',
    title: 'Somebody else’s task',
    cause: 'It is there, but another account ordered it: whoever asks learns nothing.',
    entry: 'notFound',
    before: [{ request: order(valid, 'A garden in April'), capture: { task: 'id' } }],
    request: task(leaperoneKeys.stranger, '{{task}}'),
  },
  {
    id: 'foreign-expired-task',
    title: 'Somebody else’s expired task',
    cause: 'To its owner it is gone; to anybody else it never was.',
    entry: 'notFound',
    request: task(leaperoneKeys.stranger, expiredTask),
  },
  {
    id: 'expired-task',
    title: 'A task older than thirty days',
    cause: 'It was deleted for its age. What stays is that it was, and whose.',
    entry: 'resourceExpired',
    request: task(valid, expiredTask),
  },
]

const limited: readonly Recipe[] = [
  {
    id: 'chat-limit',
    title: 'Six chats within a minute',
    cause: 'A free user may chat five times in any sixty seconds.',
    entry: 'rateLimitExceeded',
    request: chat(leaperoneKeys.free, harbour),
    repeat: 6,
  },
  {
    id: 'image-limit',
    title: 'Three orders of images within a minute',
    cause: 'A free user may order twice. Chats are counted apart.',
    entry: 'rateLimitExceeded',
    request: order(leaperoneKeys.free, 'The moon over the city'),
    repeat: 3,
  },
  {
    id: 'key-limit',
    title: 'A key with a lower limit',
    cause: 'Its user may call sixty times a minute, this key once.',
    entry: 'rateLimitExceeded',
    request: get(leaperoneKeys.slow, '/v1/cli/credits/balance'),
    repeat: 2,
  },
]

const broken: readonly Recipe[] = [
  {
    id: 'model-fails',
    title: 'The model breaks down',
    cause: 'The theme of attics was cut off while it was written. The service answers a bare 500; its stack stays in its log, and the hold is given back.',
    entry: 'internalError',
    request: chat(valid, 'What is in the attic?'),
  },
  {
    id: 'damaged-record',
    title: 'A record that is damaged',
    cause: 'What is left of this task cannot be read. To call it unknown, or expired, would be a guess.',
    entry: 'internalError',
    request: task(valid, damagedTask),
  },
  {
    id: 'model-fails-mid-stream',
    title: 'The model breaks down in the middle',
    cause: 'The stream has begun and the status is out: the error comes as its last event, and what was delivered is charged.',
    entry: 'internalError',
    midStream: true,
    request: chat(valid, 'What is in the attic?', { stream: true }),
  },
]

export const leaperoneRecipes: readonly Recipe[] = [...successes, ...invalid, ...unauthorized, ...unpaid, ...unfound, ...limited, ...broken]
