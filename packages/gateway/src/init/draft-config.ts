/** `tollgate.yaml` to begin with: short, and with a word on what one changes first. */
import { spokenCharge } from './spoken-charge.ts'
import type { InitAnswers } from './init-answers.ts'

/** Where the sample service listens, and where the gateway does. */
export const SERVICE_PORT = 9000
export const GATEWAY_PORT = 8080

/** A month of a plan that costs nothing. */
export const FREE_A_MONTH = 100

/** What a call may cost at most whose price is known only afterwards. */
const USAGE_AT_MOST = '0.50'

export function draftConfig({ name, charge, price, upstream }: InitAnswers): string {
  return `# What stands in front of ${upstream ?? 'the service'}: who may call, and what is counted. \`npx tollgate check\` names what is wrong here, with line and mend.
listen: { port: "\${PORT:-${GATEWAY_PORT}}" }
admin: { port: "\${ADMIN_PORT:-9090}" } # the operator's API, for you: \`npx tollgate accounts list\` and the like ask it
store: { sqlite: "\${DATABASE:-./data/tollgate.db}" }
upstreams:
  service: "\${SERVICE_URL:-${upstream ?? `http://127.0.0.1:${SERVICE_PORT}`}}"
apis:
  ${name}:
    mount: /
    contract: ./contract.yaml
    # Callers send \`Authorization: Bearer ${keyPrefix(name)}…\`; the service never sees the key.
    credentials: { from: [{ header: authorization, scheme: Bearer }], prefix: ${keyPrefix(name)} }
    meters:
${metersOf({ charge })}
    routes:
${upstream === undefined ? sampleRoutes({ charge, price }) : everyRoute({ charge, price })}`
}

/** Of its own, so that a leaked key is known by its looks. */
export function keyPrefix(name: string): string {
  const initials = name.split('-').map((word) => word.slice(0, 1)).join('')
  return `${initials.length > 1 ? initials : name.slice(0, 2)}_`
}

function metersOf({ charge }: Pick<InitAnswers, 'charge'>): string {
  const minute = '      minute: { window: 60s, limit: 60, per: key }\n'
  const plans = {
    free: '    plans: { basic: {} }',
    quota: `      month: { quota: month, per: account }\n    plans:\n      free: { month: ${FREE_A_MONTH} }\n      pro: { month: 100000 }`,
    credits: '      credit: { balance: { scale: 4 }, per: account }\n    plans: { basic: {} }',
    usage: '      credit: { balance: { scale: 6 }, per: account }\n    plans: { basic: {} }',
  }
  return `${minute}${plans[charge]}`
}

type Charged = Pick<InitAnswers, 'charge' | 'price'>

/** Of the sample service: one that reads, one that works. */
function sampleRoutes({ charge, price }: Charged): string {
  return `      - on: GET /v1/reports/{id}
        steps: [${takeToRead({ charge })}]
      - on: POST /v1/reports
        steps:
${stepsToWork({ charge, price }, '          - validate: { type: object, required: [topic], properties: { topic: { type: string, minLength: 1, maxLength: 200 } } }\n')}`
}

function everyRoute({ charge, price }: Charged): string {
  return `      # Everything that the service has. A route of its own, before this one, says what a call needs and costs: docs/configuration.md, "Routes" and "Steps".
      - on: "* /{path...}"
        steps:
${stepsToWork({ charge, price }, '')}`
}

function takeToRead({ charge }: Pick<InitAnswers, 'charge'>): string {
  return charge === 'quota' ? '{ take: [minute, month] }' : '{ take: [minute] }'
}

function stepsToWork({ charge, price }: Charged, validate: string): string {
  const paid = (take: string): string => `          - take: [minute]\n          - idempotency: {}\n${validate}          # ${spokenCharge({ charge, price })}\n          - take: [${take}]\n`
  const steps = {
    free: `          - take: [minute]\n${validate}`,
    quota: `          - take: [minute, month]\n${validate}`,
    credits: paid(`{ meter: credit, price: ${price} }`),
    usage: paid(`{ meter: credit, price: ${USAGE_AT_MOST}, usage: { per: 1000, amounts: { usage.total_tokens: ${price} } } }`),
  }
  return steps[charge]
}
