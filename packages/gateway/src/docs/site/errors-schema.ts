/** The JSON Schema (2020-12) of `errors.json`. */
import { serverReasons } from 'tollgate/contract'
import { actionWords, actorWords } from '../model/words/action-words.ts'
import { retryWords } from '../model/words/retry-words.ts'

const text = (description: string) => ({ type: 'string', description }) as const
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const
const whole = (required: readonly string[], properties: object) => ({ type: 'object', required, properties }) as const

export const errorsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Errors of an API',
  description: 'Every error that the API answers with: what it means, whether to try again, and what to do. Members may be added; none is taken away.',
  ...whole(['name', 'title', 'requestIdHeader', 'rateLimitHeaders', 'members', 'errors'], {
    $schema: text('This schema.'),
    name: text('Of the contract.'),
    title: text('Of the API.'),
    docsUrl: text('Where the pages are published.'),
    codeAt: text('Where the code stands in the body: error.code. Absent: its errors have none.'),
    requestIdHeader: text('The header with the id of the request.'),
    requestIdAt: text('Where it stands in the body.'),
    idempotencyKeyHeader: text('The header under which the API takes a key, so that nothing is done twice.'),
    rateLimitHeaders: { type: 'array', items: whole(['name', 'meaning'], { name: text('Of the header.'), meaning: text('What it says.') }) },
    members: { type: 'array', description: 'What differs from answer to answer.', items: whole(['at', 'always', 'meaning'], { at: text('Its path in the body.'), always: { type: 'boolean' }, meaning: text('What it says.') }) },
    errors: {
      type: 'array',
      minItems: 1,
      items: whole(['id', 'status', 'reason', 'title', 'description', 'messages', 'retry', 'actor', 'action', 'steps', 'facts', 'example', 'related', 'page'], {
        id: text('Of the entry. It stays.'),
        code: { type: ['string', 'number'], description: 'As it stands on the wire.' },
        status: { type: 'integer', description: 'The HTTP status that a caller sees.' },
        meansStatus: { type: 'integer', description: 'What it means, where another one is sent.' },
        reason: { type: 'string', enum: serverReasons, description: 'What happened, in words that are the same for every API.' },
        title: text('A few words.'),
        description: text('The condition behind it, in Markdown.'),
        remedy: text('What to do, in the words of the API, in Markdown.'),
        messages: texts('Its sentences; {name} stands for a figure.'),
        retry: whole(['rule', 'words'], {
          rule: { type: 'string', enum: Object.keys(retryWords) },
          clock: { type: 'string', enum: ['answer', 'own', 'reset'], description: 'answer: as long as it says. own: growing pauses. reset: no program waits for it.' },
          toldBy: texts('Headers and members that say the wait.'),
          words: text('The same, in words.'),
        }),
        actor: whole(['id', 'title'], { id: { type: 'string', enum: Object.keys(actorWords) }, title: text('Who acts.') }),
        action: whole(['id', 'title'], { id: { type: 'string', enum: Object.keys(actionWords) }, title: text('What a person does.') }),
        steps: texts('In order, in Markdown.'),
        facts: {
          type: 'array',
          items: whole(['name', 'type', 'always', 'meaning'], { name: text('On the wire.'), at: text('Its path in the body.'), type: text('In words of JSON.'), unit: text('Of a figure.'), always: { type: 'boolean' }, meaning: text('What it says.'), example: {} }),
        },
        example: whole(['status', 'headers', 'body'], { status: { type: 'integer' }, headers: { type: 'array', items: whole(['name', 'value'], { name: { type: 'string' }, value: { type: 'string' } }) }, body: text('Byte for byte.') }),
        related: { type: 'array', items: whole(['id', 'why'], { id: text('Of another entry.'), why: text('What they share, and what differs.') }) },
        page: text('The address of its page.'),
      }),
    },
  }),
}
