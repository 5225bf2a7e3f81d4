/** The shape of a plan file; what its names mean is checked when the contract is there (`load-plan.ts`). */
import { z } from 'zod'
import { duration, headerName, integer, name, settings, size, text } from '../../config/read/scalars.ts'
import { risks } from '../probe.ts'
import { credentialStates, type CredentialState } from './check-plan.ts'

const states: readonly [CredentialState, ...CredentialState[]] = ['special', ...(Object.keys(credentialStates) as CredentialState[])]

const credential = z.union([
  text,
  settings({
    key: text,
    is: z.enum(states).optional().describe('Why it is refused; special: it is used where the plan names it. Default: its name, else special.'),
    header: headerName.optional().describe('Where it is sent, if not where the others are.'),
    scheme: z.string().optional(),
  }),
])

const may = z.array(z.enum(risks)).describe('What comes of it where it is accepted: it creates something, costs money, or locks somebody out. Default of other methods than GET: create and cost.')

const file = settings({
  name: text.describe('The field of the form.'),
  filename: text,
  type: text,
  text: z.string().optional(),
  base64: z.string().optional(),
  zeros: integer(0, 64 * 1024 * 1024).optional().describe('So many zero bytes follow.'),
})

const requestParts = {
  request: z.string().regex(/^[A-Z]+ \/\S*$/, 'must be a method and a path: POST /v1/things').describe('Method and path below the address that is checked.'),
  headers: z.record(headerName, z.string()).optional(),
  body: z.json().optional().describe('Sent as JSON.'),
  text: z.string().optional().describe('Sent as it stands, in place of a body.'),
  form: z.array(z.union([settings({ name: text, value: z.string() }), file])).optional().describe('Sent as multipart/form-data.'),
}

const step = settings({
  call: name.optional().describe('A call of this plan.'),
  ...requestParts,
  request: requestParts.request.optional(),
  body: z.json().optional().describe('Of a call: merged into its body.'),
  with: z.union([name, z.literal(false)]).optional().describe('A credential; false: none.'),
  save: z.record(name, text).optional().describe('What later requests of it say as {{name}}: the dotted path in the answer where it stands.'),
  wait: duration(0).optional().describe('Before what follows.'),
})

const limited = settings({ with: name, requests: integer(2, 10_000), expect: z.union([text, z.array(text)]).optional() })

const call = settings({
  ...requestParts,
  with: z.union([name, z.literal(false)]).optional().describe('The credential with which it succeeds; false: it needs none. Default: the first that is valid.'),
  may: may.optional(),
  params: z.record(name, z.string()).optional().describe('What stands for {name} in its path.'),
  unknown: z.record(name, z.string()).optional().describe('The same, of something that there is not.'),
  schema: z.union([text, z.record(z.string(), z.json())]).optional().describe('The JSON Schema of its body, or a file that has it: fields are left out and made wrong by it.'),
  fields: z.enum(['few', 'all']).default('few').describe('few: one field that is missing, one of a wrong type, one out of its range.'),
  bodyMax: size(1).optional().describe('The largest body that it takes: one byte more is sent. Default: 2 MiB.'),
  idempotencyKey: z.union([headerName, z.literal(false)]).optional().describe('The header of its idempotency key. Default: as the contract says; then false takes it away.'),
  lackScope: z.array(name).optional().describe('Credentials that may not make this call.'),
  lackCredit: z.array(name).optional().describe('Credentials that cannot pay for it.'),
  limits: z.array(limited).optional().describe('So many requests with this credential, one after the other, are more than it may send.'),
  together: z.array(limited).optional().describe('The same at the same time.'),
})

const refusal = settings({
  ...step.shape,
  before: z.array(step).optional(),
  expect: z.union([text, z.array(text)]).optional().describe('An entry, a code or a reason of the contract.'),
  repeat: integer(2, 10_000).optional().describe('Sent until it is refused, at most so often.'),
  together: integer(2, 100).optional().describe('Sent so often at the same time; one of the answers is meant.'),
  may: may.optional(),
})

export const planShape = settings({
  auth: settings({ header: headerName, scheme: z.string().optional() }).optional().describe('Where credentials are sent: { header: Authorization, scheme: Bearer }.'),
  credentials: z.record(name, credential).optional(),
  calls: z.record(name, call).optional(),
  refusals: z.record(name, refusal).optional(),
  usage: z
    .array(settings({ call: name.optional(), request: requestParts.request.optional(), with: name.optional(), at: z.union([text, z.array(text)]).optional(), header: z.union([headerName, z.array(headerName)]).optional() }))
    .optional()
    .describe('Where an answer says what is used up. It is read around each refusal of the same credential, which must not change it.'),
})

export type PlanShape = z.output<typeof planShape>

/** For editors: what a plan may say. */
export function planJsonSchema(): Record<string, unknown> {
  return { title: 'Plan of a Tollgate check', ...z.toJSONSchema(planShape, { io: 'input', target: 'draft-2020-12' }) }
}
