/**
 * How to get each answer of AI-Powered API, in the order of its page, which is why this is one file. Who the keys belong to, and in what state:
 * `samples.ts`.
 */
import type { Recipe } from '../../recipe.ts'
import { analyse, dotAsPdf, essay, get, paint, post, register, remove, upload, write, writeOf } from './requests.ts'
import { aiApiKeys as keys } from './samples.ts'

const sea = 'Hello sea'
const lake = 'A lake before the rain'
const FILE_BYTES_MAX = 5 * 1024 * 1024
/** Two seconds of thinking: long enough for others to come in between. */
const slowly = { model: 'gpt-4-reflective', max_tokens: 8 }
/** The machine beside the service that never learned HTTP. */
const japanese = analyse(keys.valid, '今日は天気がいい', { tasks: ['keywords'], language: 'ja' })

const successes: readonly Recipe[] = [
  {
    id: 'text',
    title: 'A text',
    cause: 'A key with plenty left. The headers report whichever of its windows is the tightest.',
    request: write(keys.valid, sea),
  },
  {
    id: 'voice',
    title: 'A text in a voice of its own',
    cause: 'The service has a few sentences of this account and writes like them.',
    request: write(keys.lighthouse, 'What is the lamp for?'),
  },
  {
    id: 'image',
    title: 'An image',
    cause: 'It is painted as it is asked for; whoever knows its address sees it.',
    request: paint(keys.valid, lake),
  },
  {
    id: 'analysis',
    title: 'An analysis',
    cause: 'Sentiment and keywords by small algorithms that really count words. Asked for with a key that may do everything.',
    request: analyse(keys.admin, 'The harbour was lovely, the hotel was awful and the ferry was late.'),
  },
  {
    id: 'models',
    title: 'The models',
    cause: 'A key that may only read is enough. Two of the models are switched off.',
    request: get(keys.reader, '/v1/models'),
  },
  {
    id: 'file',
    title: 'A file that was uploaded',
    cause: 'It came an hour before the playground started, as multipart/form-data.',
    request: get(keys.valid, '/v1/files/{{file}}'),
  },
  {
    id: 'upload',
    title: 'A file comes and goes',
    cause: 'What it declares to be and what its bytes say agree. Then it is deleted.',
    before: [{ request: upload(keys.valid, essay), capture: { upload: 'id' } }],
    request: remove(keys.valid, '/v1/files/{{upload}}'),
  },
  {
    id: 'webhook',
    title: 'A webhook comes and goes',
    cause: 'It would be told of each finished text, signed with its own secret. Then it is deleted.',
    before: [{ request: register(keys.valid, 'http://127.0.0.1:9/hook'), capture: { webhook: 'id' } }],
    request: remove(keys.valid, '/v1/webhooks/{{webhook}}'),
  },
]

const unauthorized: readonly Recipe[] = [
  {
    id: 'missing-key',
    title: 'No API key',
    cause: 'There is no Authorization header.',
    entry: 'missingKey',
    request: write(undefined, sea),
  },
  {
    id: 'unknown-key',
    title: 'An unknown API key',
    cause: 'Well formed, but nobody has ever been given it.',
    entry: 'invalidKey',
    request: write(keys.unknown, sea),
  },
  {
    id: 'wrong-scheme',
    title: 'The wrong scheme',
    cause: 'A good key, sent as Basic where Bearer is asked for.',
    entry: 'invalidKey',
    request: { ...get(undefined, '/v1/models'), headers: { authorization: `Basic ${keys.valid}` } },
  },
  {
    id: 'expired-key',
    title: 'An expired API key',
    cause: 'It was made to end with the year 2025. Only who holds the whole key is told.',
    entry: 'expiredKey',
    request: write(keys.expired, sea),
  },
  {
    id: 'revoked-key',
    title: 'A revoked API key',
    cause: 'It worked until its account revoked it.',
    entry: 'revokedKey',
    request: write(keys.revoked, sea),
  },
  {
    id: 'revoked-and-expired-key',
    title: 'A key that is revoked, and expired since',
    cause: 'Both are true; that somebody took it back says more.',
    entry: 'revokedKey',
    request: write(keys.revokedLongAgo, sea),
  },
  {
    id: 'disabled-key',
    title: 'A disabled API key',
    cause: 'Switched off for now. The page has no code of its own for that.',
    entry: 'revokedKey',
    request: write(keys.disabled, sea),
  },
]

const forbidden: readonly Recipe[] = [
  {
    id: 'upload-with-read-key',
    title: 'An upload with a key that may only read',
    cause: 'Uploads need the permission to write. The file is not read.',
    entry: 'insufficientPermissions',
    request: upload(keys.reader, essay),
  },
  {
    id: 'webhooks-with-write-key',
    title: 'Webhooks with a key that may only write',
    cause: 'Webhooks have a permission of their own.',
    entry: 'insufficientPermissions',
    request: get(keys.writer, '/v1/webhooks'),
  },
  {
    id: 'not-in-plan',
    title: 'An account without a plan for it',
    cause: 'The account exists and its key is valid, but nothing entitles it to this API.',
    entry: 'insufficientPermissions',
    request: write(keys.noPlan, sea),
  },
  {
    id: 'suspended-account',
    title: 'An account that is suspended for a time',
    cause: 'The details say until when.',
    entry: 'accountSuspended',
    request: write(keys.suspended, sea),
  },
  {
    id: 'banned-account',
    title: 'An account that is suspended for good',
    cause: 'Nobody has set an end.',
    entry: 'accountSuspended',
    request: write(keys.banned, sea),
  },
  {
    id: 'closed-account',
    title: 'An account that is closed',
    cause: 'The key is fine, the account it belongs to is not.',
    entry: 'accountSuspended',
    request: write(keys.closed, sea),
  },
  {
    id: 'monthly-quota',
    title: 'Past the monthly quota',
    cause: 'The 1000 requests that a free key has in a month are used up. No wait of a minute helps, so this is no 429.',
    entry: 'quotaExceeded',
    request: write(keys.quota, sea),
  },
]

const invalid: readonly Recipe[] = [
  {
    id: 'malformed-json',
    title: 'Malformed JSON',
    cause: 'The body breaks off in the middle.',
    entry: 'invalidRequest',
    request: post(keys.valid, '/v1/generate', '{"prompt":"Hello'),
  },
  {
    id: 'no-object',
    title: 'A body that is no object',
    cause: 'JSON, but a list.',
    entry: 'invalidRequest',
    request: post(keys.valid, '/v1/generate', '["Hello sea"]'),
  },
  {
    id: 'wrong-content-type',
    title: 'An upload that is no form',
    cause: 'Files come as multipart/form-data; the service finds JSON and says so.',
    entry: 'invalidRequest',
    request: post(keys.valid, '/v1/files', '{"file":"tides.txt"}'),
  },
  {
    id: 'missing-model',
    title: 'No model',
    cause: 'A prompt, and nobody to read it.',
    entry: 'missingField',
    request: writeOf(keys.valid, { prompt: sea }),
  },
  {
    id: 'null-prompt',
    title: 'A prompt that is null',
    cause: 'The same as none.',
    entry: 'missingField',
    request: writeOf(keys.valid, { prompt: null, model: 'gpt-4' }),
  },
  {
    id: 'top-p-too-high',
    title: 'A value out of its range',
    cause: 'top_p is a share of all. It has no code of its own, as the temperature has.',
    entry: 'invalidField',
    request: write(keys.valid, sea, { top_p: 3 }),
  },
  {
    id: 'unknown-style',
    title: 'A style that does not exist',
    cause: 'Images are natural or vivid.',
    entry: 'invalidField',
    request: paint(keys.valid, lake, { style: 'baroque' }),
  },
  {
    id: 'too-many-tokens',
    title: 'More tokens than the model writes',
    cause: 'Their number is positive, as the code for tokens asks; but each model has a limit of its own.',
    entry: 'invalidField',
    request: write(keys.valid, sea, { max_tokens: 100_000 }),
  },
  {
    id: 'private-webhook',
    title: 'A webhook into a private network',
    cause: 'The service calls nobody who is not on the open internet.',
    entry: 'invalidField',
    request: register(keys.valid, 'https://10.0.0.1/'),
  },
  {
    id: 'unknown-model',
    title: 'A model that does not exist',
    cause: 'It is named by a parameter, so the request is wrong. The details have those that exist.',
    entry: 'unsupportedModel',
    request: write(keys.valid, sea, { model: 'gpt-9' }),
  },
  {
    id: 'text-model-for-image',
    title: 'A writer who is asked to paint',
    cause: 'The model exists, but not for this endpoint.',
    entry: 'unsupportedModel',
    request: paint(keys.valid, lake, { model: 'gpt-4' }),
  },
  {
    id: 'wrong-file-format',
    title: 'A picture that says it is a PDF',
    cause: 'The name and the type say PDF; the bytes say PNG.',
    entry: 'invalidFileFormat',
    request: upload(keys.valid, dotAsPdf),
  },
  {
    id: 'file-too-large',
    title: 'A file that is too large',
    cause: 'Nothing is read beyond 5 MiB, however much is sent.',
    entry: 'fileTooLarge',
    request: upload(keys.valid, { ...essay, zeros: FILE_BYTES_MAX }),
  },
]

const notFound: readonly Recipe[] = [
  {
    id: 'unknown-file',
    title: 'A file that does not exist',
    cause: 'Nobody ever uploaded it.',
    entry: 'resourceNotFound',
    request: get(keys.valid, '/v1/files/file_1'),
  },
  {
    id: 'foreign-file',
    title: 'Somebody else’s file',
    cause: 'It exists, but not for this account.',
    entry: 'resourceNotFound',
    request: get(keys.stranger, '/v1/files/{{file}}'),
  },
  {
    id: 'unknown-path',
    title: 'An unknown path',
    cause: 'There is no such endpoint.',
    entry: 'endpointNotFound',
    request: get(keys.valid, '/v1/modles'),
  },
  {
    id: 'wrong-method',
    title: 'The wrong method',
    cause: 'Texts are posted for. The page has no 405: for GET, there is no such endpoint.',
    entry: 'endpointNotFound',
    request: get(keys.valid, '/v1/generate'),
  },
  {
    id: 'unknown-model-in-path',
    title: 'A model that is looked up in vain',
    cause: 'It is named by the path, so the thing itself is not there.',
    entry: 'modelNotFound',
    request: get(keys.valid, '/v1/models/gpt-9'),
  },
]

const limited: readonly Recipe[] = [
  {
    id: 'minute-limit',
    title: 'Three calls within a minute',
    cause: 'This account may call twice in any 60 seconds; the third call is told when the first leaves the window.',
    entry: 'rateLimitExceeded',
    request: get(keys.minute, '/v1/models'),
    repeat: 3,
  },
  {
    id: 'hour-limit',
    title: 'Three calls within an hour',
    cause: 'This one may call twice in any hour. The minute is wide open.',
    entry: 'rateLimitExceeded',
    request: get(keys.hour, '/v1/models'),
    repeat: 3,
  },
  {
    id: 'endpoint-limit',
    title: 'Eleven looks at webhooks within a minute',
    cause: 'Each endpoint has a window of its own besides: that of webhooks takes ten calls of a key.',
    entry: 'rateLimitExceeded',
    request: get(keys.webhooks, '/v1/webhooks'),
    repeat: 11,
  },
  {
    id: 'day-limit',
    title: 'Past the day',
    cause: 'A free key has made its 10,000 requests of this UTC day. Midnight is not far, so this is a rate, not a quota.',
    entry: 'dailyLimitExceeded',
    request: write(keys.day, sea),
  },
  {
    id: 'concurrent',
    title: 'Two texts at once',
    cause: 'This account may have one call in flight. The first thinks for two seconds, and the other one comes meanwhile.',
    entry: 'concurrentLimitExceeded',
    request: write(keys.oneAtATime, 'Hi', slowly),
    parallel: 2,
  },
]

const failures: readonly Recipe[] = [
  {
    id: 'damaged-voice',
    title: 'A damaged record',
    cause: 'The sentences of this account were cut off while they were written. What breaks on reading them stays in the service’s log.',
    entry: 'internalError',
    request: write(keys.corrupt, sea),
  },
  {
    id: 'model-asleep',
    title: 'A text model that is switched off',
    cause: 'It exists and fits the endpoint, but it is being moved to new machines.',
    entry: 'modelUnavailable',
    request: write(keys.valid, sea, { model: 'gpt-4-32k' }),
  },
  {
    id: 'image-model-asleep',
    title: 'An image model that is switched off',
    cause: 'It is rarely awake.',
    entry: 'modelUnavailable',
    request: paint(keys.valid, lake, { model: 'dall-e-2' }),
  },
  {
    id: 'no-vocabulary',
    title: 'A prompt in a language without a vocabulary',
    cause: 'The model begins to write about the sea in Russian, finds no words and breaks.',
    entry: 'processingError',
    request: write(keys.valid, 'Напиши о море'),
  },
  {
    id: 'garbage',
    title: 'An answer that is no HTTP',
    cause: 'Japanese is analysed by an old machine that never learned HTTP. Its answer reaches the gateway as it is.',
    entry: 'badGateway',
    request: japanese,
  },
  {
    id: 'maintenance',
    title: 'Under maintenance',
    cause: 'The same API at a second mount, where an operator has switched maintenance on. The switch comes before the key.',
    entry: 'serviceUnavailable',
    request: { ...get(keys.valid, '/v1/models'), path: '/ai-api-maintenance/v1/models' },
  },
  {
    id: 'overloaded',
    title: 'More than it takes at once',
    cause: 'A mount for everybody to try, without a key: it has one call in flight, whoever makes it, and sheds the rest.',
    entry: 'overloaded',
    request: { ...write(undefined, 'Hi', slowly), path: '/ai-api-trial/v1/generate' },
    parallel: 2,
  },
]

const ofTexts: readonly Recipe[] = [
  {
    id: 'prompt-too-long',
    title: 'A prompt that is too long',
    cause: 'This model reads 4000 characters; one more comes.',
    entry: 'promptTooLong',
    request: { ...write(keys.valid, '.'.repeat(4_001)), bodyInShell: promptInShell(4_001) },
  },
  {
    id: 'prompt-too-long-for-any',
    title: 'A prompt that is too long for any model',
    cause: 'No model reads more than 32,000 characters: the gateway sees that by itself.',
    entry: 'promptTooLong',
    request: { ...write(keys.valid, '.'.repeat(32_001)), bodyInShell: promptInShell(32_001) },
  },
  {
    id: 'temperature-too-high',
    title: 'Too hot',
    cause: 'Temperatures end at 2.',
    entry: 'invalidTemperature',
    request: write(keys.valid, sea, { temperature: 3 }),
  },
  {
    id: 'temperature-in-words',
    title: 'A temperature in words',
    cause: 'Warm is not a number.',
    entry: 'invalidTemperature',
    request: write(keys.valid, sea, { temperature: 'warm' }),
  },
  {
    id: 'no-tokens',
    title: 'No tokens at all',
    cause: 'A text of nothing is not written.',
    entry: 'invalidMaxTokens',
    request: write(keys.valid, sea, { max_tokens: 0 }),
  },
]

const ofImages: readonly Recipe[] = [
  {
    id: 'unsupported-size',
    title: 'A size that the model does not paint',
    cause: 'Stable Diffusion paints 512x512; DALL-E 3 does not.',
    entry: 'invalidImageSize',
    request: paint(keys.valid, lake, { size: '512x512' }),
  },
  {
    id: 'unknown-quality',
    title: 'A quality that does not exist',
    cause: 'There are standard and hd.',
    entry: 'invalidImageQuality',
    request: paint(keys.valid, lake, { quality: 'ultra' }),
  },
  {
    id: 'unsupported-quality',
    title: 'A quality that the model does not have',
    cause: 'HD exists, but not with Stable Diffusion.',
    entry: 'invalidImageQuality',
    request: paint(keys.valid, lake, { model: 'stable-diffusion', quality: 'hd' }),
  },
  {
    id: 'prompt-violation',
    title: 'A prompt against the content policy',
    cause: 'The policy of the service lists what it does not paint. The answer does not repeat it.',
    entry: 'promptViolation',
    request: paint(keys.valid, 'Gore at dawn'),
  },
]

function promptInShell(characters: number): string {
  return String.raw`"{\"prompt\":\"$(head -c ${characters} /dev/zero | tr '\0' .)\",\"model\":\"gpt-3.5-turbo\"}"`
}

export const aiApiRecipes: readonly Recipe[] = [...successes, ...unauthorized, ...forbidden, ...invalid, ...notFound, ...limited, ...failures, ...ofTexts, ...ofImages]
