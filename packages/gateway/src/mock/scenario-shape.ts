/** The shape of a scenario file; what its words mean to a contract is checked when there is one (`load-scenario.ts`). */
import { expectationForms, expectationPattern } from 'tollgate/testing'
import { serverReasons } from 'tollgate/contract'
import { z } from 'zod'
import { duration, headerName, integer, settings, text } from '../config/read/scalars.ts'

const requests = text.describe('Method and path, in which * stands for anything: POST /v1/*. Either may be left out.')

/** `5%`, `0.5 %` or 0.05. */
const chance = z
  .union([z.number(), z.string()])
  .transform((written, context) => {
    const [, percent] = /^(\d{1,3}(?:\.\d{1,6})?) ?%$/.exec(String(written)) ?? []
    const part = percent === undefined ? Number(written) : Number(percent) / 100
    if (part >= 0 && part <= 1 && String(written).trim() !== '') return part
    context.addIssue('must be a part of all requests: 5%, or 0.05')
    return z.NEVER
  })
  .meta({ anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, { type: 'string', pattern: String.raw`^(?:100(?:\.0+)?|\d{1,2}(?:\.\d{1,6})?) ?%$|^(?:0(?:\.\d+)?|1(?:\.0+)?)$` }] })

const json = z.json()

const cut = settings({
  after: integer(0).describe('So many events of a stream, or bytes of another body, come before.'),
  by: z.enum(['reset', 'close', 'end']).default('reset').describe('reset, close: of the connection. end: an orderly end, too soon.'),
})

const raw = settings({
  status: integer(200, 599),
  contentType: text.optional(),
  body: z.string().optional(),
})

const step = settings({
  entry: text.optional().describe('The refusal by the entry of the contract. Without entry, code, reason, raw and a status from 400 on: a success.'),
  code: z.union([text, z.number()]).optional().describe('The refusal by its code on the wire.'),
  reason: z.enum(serverReasons).optional(),
  facts: z.record(text, json).optional().describe('What it tells; the rest is typical of the entry. Times in milliseconds, or as 7s.'),
  times: integer(1, 1_000_000).optional().describe('Default: 1 in a list; a step that stands alone is answered for ever.'),
  status: integer(200, 599).optional().describe('Of a success; from 400 on, and alone: the refusal that has it.'),
  body: json.optional().describe('The data of a success.'),
  raw: raw.optional().describe('An answer that is in no contract: the page of a proxy in between.'),
  headers: z.record(headerName, z.union([z.string(), z.null()])).optional().describe('Added; null takes one away.'),
  delay: duration(0).optional().describe('Before the first byte.'),
  pause: duration(0).optional().describe('Between the pieces of the body: a tenth of it, or an event of a stream.'),
  drop: z.enum(['early', 'late']).optional().describe('No answer. early: nothing was done. late: the work was done, and its answer is lost.'),
  cut: cut.optional(),
  stream: z.boolean().optional().describe('Whether a success comes as server-sent events. Default: what the request asks for.'),
  midStream: integer(0, 1_000_000).optional().describe('The refusal is said in a stream that has begun, after so many events.'),
  lengthOff: z.number().int().optional().describe('Content-Length is wrong by so many bytes.'),
})

/** A step in one line is what the header `Tollgate-Mock` takes: `rateLimited; times=3; retryAfterMs=2s`. A number is a status or a code, which YAML reads as one. */
const anyStep = z.union([text, z.number(), step])

const rule = settings({
  on: requests.optional(),
  chance: chance.optional().describe('For this part of the requests. Several such rules share out the same requests.'),
  each: z.boolean().optional().describe('The list begins anew for each call; its repeats go on in it.'),
  answer: z.union([anyStep, z.array(anyStep).min(1)]).describe('A list is answered in its order, and then the next rule is asked; a single step for ever.'),
})

export const scenarioShape = settings({
  seed: integer(0, 4_294_967_295).optional().describe('The same seed, and the same requests, get the same answers. Default: 1.'),
  success: settings({
    status: integer(200, 299).optional(),
    body: json.optional(),
    headers: z.record(headerName, z.string()).optional(),
    events: z.array(json).optional().describe('Of a stream. One that is { event, data } has that name.'),
  }).optional().describe('Where no rule has anything to say.'),
  rules: z.array(rule).optional(),
  idempotency: z
    .union([z.literal(true), settings({ header: headerName.optional(), required: z.boolean().optional(), on: requests.optional() })])
    .optional()
    .describe('Keys are kept: a repeat gets the first answer again, another request under the same key a refusal.'),
  paid: requests.optional().describe('Which requests are paid work: one that is accepted twice for one call is counted.'),
  tokens: settings({ on: requests, calls: integer(1).optional(), life: duration(1).optional() }).optional().describe('Tokens are fetched at "on", and expire after so many calls, or so much time.'),
  patience: duration(0).optional().describe('Who waits no longer than this may give up on what tells a longer wait. Default: 1m.'),
  attempts: integer(1, 1_000).optional().describe('More attempts for one call are too many. Default: 10.'),
  expect: z.array(z.string().meta({ pattern: expectationPattern, examples: [...expectationForms] })).optional().describe('What the client must have done, in words: waited at least 2 s.'),
})

export type ScenarioShape = z.output<typeof scenarioShape>

/** For editors: what a scenario file may say. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return { title: 'Scenario of a Tollgate mock', ...z.toJSONSchema(scenarioShape, { io: 'input', target: 'draft-2020-12' }) }
}
