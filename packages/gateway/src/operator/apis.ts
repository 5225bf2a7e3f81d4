/** The APIs of the configuration, their plans, and the switches that an operator turns while they run. */
import { z } from 'zod'
import { compact } from 'tollgate/contract'
import { shownLimit } from '../config/kinds/limit-units.ts'
import { settings } from '../config/read/scalars.ts'
import { suggestion } from '../config/read/suggestion.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { instantOf, instantTextOf, until, untilMs } from './fields.ts'
import { operation } from './operation.ts'
import { done, refused } from './reply.ts'

const isOn = z.boolean().describe('whether it is turned on')
const shownSwitches = z.object({
  maintenance: z.object({ on: isOn, until: instantOf('when it will be over').optional() }).describe('answers that the API is down for maintenance'),
  overload: z.object({ on: isOn }).describe('sheds the load of the API'),
})
const apiParams = z.object({ api: z.string().describe('the API') })
const turned = z.object({ api: z.string().describe('the API'), switches: shownSwitches.describe('its switches from now on') })

export const apiOperations = [
  operation({
    name: 'apis.list',
    method: 'GET',
    path: '/v1/apis',
    words: 'the APIs of the configuration and their switches',
    may: 'read',
    input: {},
    output: z.object({
      apis: z
        .array(
          z.object({
            name: z.string().describe('what it is called'),
            mount: z.string().describe('the path under which it lives'),
            contract: z.string().describe('how it refuses'),
            upstream: z.string().optional().describe('the service behind it'),
            routes: z.array(z.string()).describe('their names, `POST /v1/messages` where one has none'),
            meters: z.array(z.string()).describe('what is counted'),
            plans: z.array(z.string()).describe('what accounts can be on'),
            switches: shownSwitches.describe('what an operator has turned on'),
          }),
        )
        .describe('in the order of the configuration'),
    }),
    async handle(_, { config, directory }) {
      const apis = await Promise.all(
        config().apis.map(async ({ name, mount, contract, routes, meters, plans }) => ({
          name,
          mount,
          contract: contract.name,
          upstream: config().passages[name]?.upstream,
          routes: routes.map(({ name: route, methods, path }) => route ?? `${methods.join(', ')} ${path}`),
          meters: Object.keys(meters),
          plans: Object.keys(plans),
          switches: showSwitches(await directory.switches(name)),
        })),
      )
      return done({ apis })
    },
  }),
  operation({
    name: 'plans.list',
    method: 'GET',
    path: '/v1/plans',
    words: 'the plans of the configuration and their limits',
    may: 'read',
    input: {},
    output: z.object({
      plans: z
        .array(
          z.object({
            api: z.string().describe('the API'),
            name: z.string().describe('the plan'),
            limits: z.record(z.string(), z.union([z.number(), z.string()])).describe('by meter; an amount of money is a decimal, what nothing limits is `unlimited`'),
          }),
        )
        .describe('API by API'),
    }),
    async handle(_, { config }) {
      const plans = config().apis.flatMap(({ name: api, plans: ofApi, meters }) =>
        Object.entries(ofApi).map(([name, plan]) => {
          const limits = Object.entries(meters).flatMap(([meter, { meter: of, limit }]): [string, number | string][] => {
            if (plan.unlimited?.includes(meter) === true) return [[meter, 'unlimited']]
            const units = Object.hasOwn(plan.limits, meter) ? plan.limits[meter] : limit
            return units === undefined ? [] : [[meter, shownLimit(of, units)]]
          })
          return { api, name, limits: Object.fromEntries(limits) }
        }),
      )
      return done({ plans })
    },
  }),
  operation({
    name: 'apis.maintenance',
    method: 'PUT',
    path: '/v1/apis/{api}/maintenance',
    words: 'answer that an API is down for maintenance, or no longer',
    may: 'operate',
    input: { params: apiParams, body: settings({ on: isOn, until: until.optional().describe('when it will be over; callers are told to wait so long') }) },
    output: turned,
    handle: ({ params: { api }, body: { on, until: to }, who }, gateway) =>
      turnSwitch({ api, who, turn: { maintenance: compact({ on, untilMs: to && untilMs(to, gateway.clock.wallMs()) }) } }, gateway),
  }),
  operation({
    name: 'apis.overload',
    method: 'PUT',
    path: '/v1/apis/{api}/overload',
    words: 'shed the load of an API, or no longer',
    may: 'operate',
    input: { params: apiParams, body: settings({ on: isOn }) },
    output: turned,
    handle: ({ params: { api }, body: { on }, who }, gateway) => turnSwitch({ api, who, turn: { overload: { on } } }, gateway),
  }),
] as const

type Switches = Awaited<ReturnType<AdminGateway['directory']['switches']>>

async function turnSwitch({ api, who, turn }: { readonly api: string; readonly who: string; readonly turn: Switches }, { config, directory }: AdminGateway) {
  const known = config().apis.map(({ name }) => name)
  if (!known.includes(api)) return refused('resource.not_found', { resource: 'api', id: api, issue: `no API is called "${api.slice(0, 100)}"${suggestion(api, known)}` })
  const { before, after } = await directory.updateSwitches(api, (switches) => ({ ...switches, ...turn }))
  await directory.audit('switches.set', { who, api, before: showSwitches(before), after: showSwitches(after) })
  return done({ api, switches: showSwitches(after) })
}

function showSwitches({ maintenance, overload }: Switches) {
  return {
    maintenance: { on: maintenance?.on ?? false, until: instantTextOf(maintenance?.untilMs) },
    overload: { on: overload?.on ?? false },
  }
}
