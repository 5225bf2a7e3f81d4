/**
 * The shape of a contract, once: published as JSON Schema (`contract.schema.json`, for editors and other tools) and interpreted by `check-shape.ts`.
 * Descriptions say what the types in declaration.ts say. What a shape cannot tell (slots, placeholders, totality) is in `check-contract.ts`.
 */
import { actions, detailTypes, resetUnits, retryRules, statusRanges } from './declaration.ts'
import { reasonFamilies, serverReasons } from './reason.ts'
import { sources } from './refusal.ts'

/** The keywords that we use, and that the checker knows. */
export interface Schema {
  readonly $schema?: string
  readonly $defs?: { readonly [name: string]: Schema }
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly type?: SchemaType
  /** One for each type that it may be. */
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly (string | number | boolean | null)[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly minItems?: number
  readonly minProperties?: number
  readonly pattern?: string
  readonly items?: Schema
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly additionalProperties?: false | Schema
}
export type SchemaType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'

const text = (description: string): Schema => ({ type: 'string', minLength: 1, description })
const textMap = (description: string): Schema => ({ type: 'object', description, additionalProperties: { type: 'string' } })
const template = (description: string): Schema => ({ description: `${description} Slots are strings that begin with "$".` })

/** Of some types, or a list of them. */
const oneOrMore = (forms: readonly Schema[], description: string): Schema => ({ anyOf: [...forms, { type: 'array', minItems: 1, items: { anyOf: forms } }], description })

const sentences: readonly Schema[] = [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }]

const entry: Schema = {
  type: 'object',
  description: 'One kind of refusal: status, reason, message and description at least, and mostly a code.',
  required: ['status', 'reason', 'message', 'description'],
  additionalProperties: false,
  properties: {
    code: { anyOf: [{ type: 'string' }, { type: 'number' }], description: "The API's own name on the wire. Default: it is sent without a code, which its envelope must allow." },
    status: { type: 'integer', minimum: 200, maximum: 599, description: 'The HTTP status that it means, 400 to 599 unless the dialect is only read.' },
    sentAs: { type: 'integer', minimum: 200, maximum: 599, description: 'The status that it is sent with, where the API hides the one that it means: 200. Default: alwaysStatus, else status.' },
    closeCode: { type: 'integer', minimum: 1000, maximum: 4999, description: 'What closes a WebSocket that was open: 4429. Default: envelope.webSocket.close.code, else what its reason asks for.' },
    read: {
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
        {
          type: 'object',
          minProperties: 1,
          additionalProperties: false,
          properties: {
            message: oneOrMore([{ type: 'string', minLength: 1 }], 'Only with a sentence that fits: "Max rate limit*".'),
            code: oneOrMore([{ type: 'string', minLength: 1 }, { type: 'number' }], "Codes that are no entry's own, too: resolve_failed_*."),
            status: oneOrMore([{ type: 'integer', minimum: 200, maximum: 599 }, { type: 'string', enum: statusRanges }], 'Other statuses, too: 5xx.'),
          },
        },
      ],
      description: 'By what an answer is read as this entry, beside its own code and status. A text is a sentence. "*" stands for anything, "**" for a star.',
    },
    reason: { type: 'string', enum: serverReasons, description: 'What happened, in the vocabulary that is the same for every API.' },
    alsoFor: {
      type: 'array',
      items: { type: 'string', enum: [...serverReasons, ...reasonFamilies] },
      description: 'Other reasons that this entry speaks for when no entry has them as its own. "session.*" is a whole family.',
    },
    when: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', minItems: 1, items: { anyOf: [{ type: 'string' }, { type: 'number' }] } }],
      },
      description: 'Refinement within a reason: chosen only if each named fact equals the value, or is one of the values.',
    },
    message: {
      anyOf: [...sentences, { type: 'object', minProperties: 1, additionalProperties: { anyOf: sentences } }],
      description: 'The sentence, with {name} for details and facts. Of several, the first whose figures are all known is sent. By language where there are several: { en: …, de: … }.',
    },
    details: {
      type: 'object',
      additionalProperties: {
        type: 'string',
        pattern: `^(${detailTypes.join('|')})(\\?|\\|null)?( from \\S+)?$`,
        description: 'Type, then "?" (absent when unknown) or "|null", then the fact it comes from: "timestamp? from resetAtMs".',
      },
      description: 'The figures of this entry, by their names on the wire. One named like an attribute has that constant value.',
    },
    retry: { type: 'string', enum: retryRules, description: 'What a client may do by itself. Default: what its reason asks for.' },
    action: { type: 'string', enum: actions, description: 'What a person should do. Default: what its reason asks for.' },
    source: { type: 'string', enum: sources, description: 'Who refused or failed, where the reason does not say it. Default: upstream for upstream.*, else api.' },
    retryAfterSeconds: { type: 'integer', minimum: 1, description: 'What Retry-After says when no exact wait is known; with retry "wait", required under another status than 429 and 503. Default: 60.' },
    attributes: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }] },
      description: 'Extra constants that the envelope shows: the attribute "type" fills the slot "$type".',
    },
    headers: textMap('Headers of this entry alone; values may hold {name} of its details and attributes.'),
    family: text('Which of envelope.families it is written in. Default: envelope.error.'),
    primary: { type: 'boolean', description: 'Where the wire cannot tell entries apart, the primary one is read. Default: the first.' },
    description: text('The real condition behind it, for the docs page.'),
    remedy: text('What to do about it.'),
    example: { type: 'object', minProperties: 1, additionalProperties: {}, description: 'What it is told in the example of the docs, as facts: { limit: 100, used: 120 }. Default: figures that are made up.' },
    since: text('The version of the API that has it first, for its page: "1.4", "2026-03-01".'),
    changed: { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1 }, description: 'What became different later, by version, for its page.' },
  },
}

const rateLimitSet: Schema = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: {
    of: text('What is limited, where there are several sets: tokens. A meter of the gateway names it. Default: the main one.'),
    limit: text('X-RateLimit-Limit'),
    remaining: text('X-RateLimit-Remaining'),
    used: text('X-RateLimit-Used'),
    reset: text('X-RateLimit-Reset'),
    resetUnit: {
      type: 'string',
      enum: resetUnits,
      description: 'unix, unix-ms: since 1970. seconds, ms: from now. duration: from now, as Go writes it: 6m0s. date: as HTTP writes it. timestamp: RFC 3339. Required with a reset.',
    },
  },
  description: 'The names of the headers that tell one limit, as far as the API has them.',
}

const streamEnd: Schema = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: { data: text('Its data: "[DONE]".'), event: text('Its name: message_stop.') },
  description: 'The event with which a stream ends.',
}

const envelope: Schema = {
  type: 'object',
  description: 'The shapes of answers; `error` at least.',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: template('The shape of an error.'),
    success: template('The shape of a success; its constants, but those that an error has too, tell a success from one. Default: the bare data.'),
    batch: { type: 'boolean', description: 'Whether several requests may come as a list, each with what $request says of it, and are answered by a list: as in JSON-RPC. Default: false.' },
    stream: {
      type: 'object',
      additionalProperties: false,
      properties: {
        event: text('The SSE event name, when the dialect has one.'),
        data: template('The data of the frame. Default: envelope.error.'),
        end: oneOrMore([streamEnd], 'How a whole stream says that it is whole: { data: "[DONE]" }, { event: message_stop }. A stream that ends without it was cut off.'),
        afterError: text('The data of the frame that follows the error: "[DONE]".'),
      },
      description: 'The form of an error in the middle of an event stream.',
    },
    webSocket: {
      type: 'object',
      additionalProperties: false,
      properties: {
        frame: template('The text of the message; null: none is sent. Default: envelope.error.'),
        close: {
          type: 'object',
          minProperties: 1,
          additionalProperties: false,
          properties: {
            code: {
              anyOf: [{ type: 'integer', minimum: 1000, maximum: 4999 }, { type: 'string', minLength: 1 }],
              description: 'For entries without a closeCode: 1008, or 4{status}. Default: 1008, 1009, 1011, 1012 or 1013, as the reason asks.',
            },
            reason: text('A slot, or a text with {code} and others; cut at 123 bytes. Default: $code.'),
          },
          description: 'The close that follows it.',
        },
      },
      description: 'The form of an error once a WebSocket is open.',
    },
    families: { type: 'object', additionalProperties: template('A shape.'), description: 'Further error shapes of the same API, chosen by entry.family.' },
    contentType: text('JSON or XML of any name, application/x-www-form-urlencoded, where each template is one object of texts, or text/plain, where it is one string. Default: application/json.'),
  },
}

const wireCode: readonly Schema[] = [{ type: 'string', minLength: 1 }, { type: 'number' }]

const example: Schema = {
  type: 'object',
  required: ['body'],
  additionalProperties: false,
  properties: {
    title: text('What the page calls it.'),
    entry: text('The entry that it is said to show.'),
    success: { type: 'boolean', description: 'It shows a success. Default: false.' },
    request: text('What it answers: POST /v1/sessions.'),
    requestBody: { description: 'With which body.' },
    status: { type: 'integer', minimum: 200, maximum: 599, description: 'The status that it shows.' },
    headers: textMap('All headers that it shows.'),
    body: { description: 'The body that it shows.' },
  },
  description: 'An answer as a page shows it.',
}

const documented: Schema = {
  type: 'object',
  required: ['where'],
  additionalProperties: false,
  properties: {
    where: text('The page, sample or SDK that says it.'),
    of: oneOrMore(wireCode, 'Of which entries: ids, codes, statuses, ranges of them (4xx). Default: of the API as a whole.'),
    says: { type: 'object', minProperties: 1, additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] }, description: 'Members of an entry (retry: never), or anything else that several places say.' },
    lists: {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: { codes: { type: 'array', minItems: 1, items: { anyOf: wireCode } }, statuses: { type: 'array', minItems: 1, items: { anyOf: [{ type: 'integer' }, { type: 'string', enum: statusRanges }] } } },
      description: 'What it lists as all there are: codes, statuses.',
    },
  },
  description: 'What is said of the contract elsewhere.',
}

const ignoredRule: Schema = {
  type: 'object',
  required: ['rule', 'reason'],
  additionalProperties: false,
  properties: { rule: text('Its id.'), path: text('Where, with all that is below it; "*" is any part of it. Default: anywhere.'), reason: text('Why it has nothing to say there.') },
  description: 'A rule that has nothing to say, and why.',
}

/** The JSON Schema (2020-12) of contracts in YAML or JSON, for editors and other tools. The same lies in the package as `tollgate/contract/schema.json`. */
export const contractSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Tollgate contract',
  description: 'How one API answers when it refuses or fails.',
  type: 'object',
  required: ['name', 'title', 'envelope', 'entries'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string', description: 'For editors.' },
    name: { type: 'string', minLength: 1, pattern: '^[a-z0-9][a-z0-9-]*$', description: 'Lower-case letters, digits and hyphens.' },
    title: text('For people.'),
    language: text('Of its messages: en. Required where one has several; then it is sent where no other is asked for.'),
    docs: text('Where the API documents its errors; the slot $docsUrl is the page of an entry below it.'),
    requestId: {
      type: 'object',
      required: ['format'],
      additionalProperties: false,
      properties: {
        format: { type: 'string', enum: ['uuid', 'hex', 'base62'], description: 'uuid: version 4. hex and base62: 128 random bits.' },
        prefix: { type: 'string', description: 'What every id begins with: "req_".' },
        header: text('The header that carries it. Default: x-request-id.'),
      },
      description: 'The form of request ids. Default: "req_" and base62.',
    },
    authenticate: text('The challenge of every 401 and 407, required where there is one: ApiKey realm="chatads". Bearer adds error="invalid_token" where a credential does not serve.'),
    alwaysStatus: { type: 'integer', minimum: 200, maximum: 599, description: 'Answer every refusal with this status, but for entries that say sentAs; the body stays the same. Default: the status of its entry.' },
    rateLimitHeaders: {
      anyOf: [
        rateLimitSet,
        { type: 'array', minItems: 1, items: rateLimitSet, description: 'Several sets, each for what a meter says that it limits (inHeaders: tokens).' },
        { type: 'string', enum: ['draft-11'], description: 'RateLimit and RateLimit-Policy, as draft 11 of the IETF has them.' },
      ],
      description: 'The names of the rate headers: one set, a list of sets, or draft-11 (RateLimit and RateLimit-Policy of the IETF).',
    },
    idempotencyKey: text('The header of requests under which the API takes a key: Idempotency-Key. Default: it takes none.'),
    waitInMessage: { type: 'boolean', description: 'Whether its messages say in words how long to wait ("Please try again in 20s"). Read where neither a header nor a detail says it. Default: false.' },
    envelope: { $ref: '#/$defs/envelope' },
    headers: textMap('Headers on every refusal; a value may be a slot, or hold {code} and others. One whose slot is empty is left out.'),
    entries: {
      type: 'object',
      minProperties: 1,
      additionalProperties: { $ref: '#/$defs/entry' },
      description: 'Each kind of refusal, under an id of your choice.',
    },
    guides: {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: {
        overview: text('What the API is, what a success looks like, where else to read.'),
        authentication: text('How a request says who calls.'),
        retries: text('How often, and after which pauses, a request is tried again.'),
        limits: text('What is counted, whose it is, and when it begins anew.'),
        idempotency: text('What becomes of a request that comes twice.'),
        requestIds: text('Where the id of a request stands, and what it is good for.'),
        streams: text('How a stream ends, and how it breaks off.'),
        support: text('Whom to ask, and what to tell them.'),
      },
      description: "The author's own words for the pages of the docs, in Markdown, beside what follows from the contract. Headings begin at the second level.",
    },
    decodeOnly: { type: 'boolean', description: 'A dialect that is read and never written: neither the reasons nor the HTTP duties are checked. Default: false.' },
    examples: { type: 'array', minItems: 1, items: example, description: "Answers as the API's pages show them, for tollgate lint." },
    documented: { type: 'array', minItems: 1, items: documented, description: 'What other pages, samples and SDKs say of it, for tollgate lint.' },
    lint: { type: 'object', required: ['ignore'], additionalProperties: false, properties: { ignore: { type: 'array', minItems: 1, items: ignoredRule, description: 'Rules that have nothing to say here, each with its reason.' } }, description: 'What tollgate lint is not to say.' },
  },
  $defs: { envelope, entry },
}
