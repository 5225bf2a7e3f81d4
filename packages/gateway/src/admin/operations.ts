/** The gateway itself: status, APIs, plans, switches, audit, reload, backup. */
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { shownLimit } from '../config/kinds/limit-units.ts'
import { formatProblem, quote } from '../config/problem.ts'
import { settings } from '../config/scalars.ts'
import { suggestion } from '../config/nearest-name.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, readInput, refused, type AdminReply, type AdminRoute } from './admin-route.ts'
import { instant, instantText, page, pageOf } from './fields.ts'

export const operationRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/status',
    async handle(_, { config, clock, aheadMs, store, version, startedAtMs, url, alerts }) {
      const { apis, store: stored } = config()
      return {
        body: {
          version,
          url,
          pid: process.pid,
          startedAt: instantText(startedAtMs),
          now: instantText(clock.wallMs()),
          aheadMs: aheadMs(),
          store: stored.kind,
          storeHighWater: instantText(store.highWaterMs()),
          apis: apis.map(({ name }) => name),
          alerts: alerts().map(({ atMs, ...alert }) => ({ at: instantText(atMs), ...alert })),
        },
      }
    },
  },
  {
    method: 'GET',
    path: '/v1/apis',
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
      return { body: { apis } }
    },
  },
  {
    method: 'GET',
    path: '/v1/plans',
    async handle(_, { config }) {
      const plans = config().apis.flatMap(({ name: api, plans: ofApi, meters }) =>
        Object.entries(ofApi).map(([name, plan]) => {
          const limits = Object.entries(meters).map(([meter, { meter: of, limit }]) => {
            if (plan.unlimited?.includes(meter) === true) return [meter, 'unlimited']
            const units = Object.hasOwn(plan.limits, meter) ? plan.limits[meter] : limit
            return [meter, units === undefined ? undefined : shownLimit(of, units)]
          })
          return { api, name, limits: Object.fromEntries(limits.filter(([, limit]) => limit !== undefined)) }
        }),
      )
      return { body: { plans } }
    },
  },
  {
    method: 'PUT',
    path: '/v1/apis/{api}/maintenance',
    handle: (request, gateway) =>
      turnSwitch(request, gateway, settings({ on: z.boolean(), until: instant.optional() }), ({ on, until }) => ({
        maintenance: { on, ...(until !== undefined && { untilMs: until }) },
      })),
  },
  {
    method: 'PUT',
    path: '/v1/apis/{api}/overload',
    handle: (request, gateway) => turnSwitch(request, gateway, settings({ on: z.boolean() }), ({ on }) => ({ overload: { on } })),
  },
  {
    method: 'GET',
    path: '/v1/audit',
    async handle({ query }, { directory }) {
      const input = readInput(settings(page), query)
      if ('refusal' in input) return input
      const rows = await directory.listAudit(input.value)
      return { body: { audit: rows.map(({ atMs, ...row }) => ({ ...row, at: instantText(atMs) })), ...pageOf(rows, input.value.limit) } }
    },
  },
  {
    method: 'POST',
    path: '/v1/reload',
    async handle({ who }, { reload, directory }) {
      const outcome = await reload()
      await directory.audit('config.reload', { who, ok: outcome.ok })
      if (outcome.ok) return { body: { reloaded: true } }
      return refused('resource.conflict', { resource: 'config', issue: `the old configuration stays: ${outcome.problems.map(formatProblem).join(' · ')}` })
    },
  },
  {
    method: 'POST',
    path: '/v1/backup',
    async handle({ body, who }, { backup, directory }) {
      const input = readInput(settings({ file: z.string() }), body)
      if ('refusal' in input) return input
      const { file } = input.value
      if (backup === undefined) return refused('resource.conflict', { resource: 'store', issue: 'a store in memory has nothing to back up' })
      if (!isAbsolute(file)) return invalid('file', `${quote(file)} must be an absolute path on the gateway's machine`)
      if (/\p{Cc}/u.test(file)) return invalid('file', `${quote(file)} must not hold control characters`)
      try {
        await backup(file)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        return refused('resource.conflict', { resource: 'backup', issue: `the backup failed: ${reason}` }, error)
      }
      await directory.audit('store.backup', { who, file })
      return { status: 201, body: { file } }
    },
  },
  {
    method: 'POST',
    path: '/v1/stop',
    async handle({ who }, { config, stop, directory }) {
      await directory.audit('gateway.stop', { who })
      setImmediate(stop)
      return { status: 202, body: { stopping: true, pid: process.pid, graceMs: config().shutdown.graceMs } }
    },
  },
  {
    method: 'POST',
    path: '/v1/store/check',
    async handle(_, { config, damage }) {
      return { body: { store: config().store.kind, damage: damage === undefined ? [] : await damage() } }
    },
  },
]

type Switches = Awaited<ReturnType<AdminGateway['directory']['switches']>>

async function turnSwitch<Schema extends z.ZodType>(
  { params, body, who }: Parameters<AdminRoute['handle']>[0],
  { config, directory }: AdminGateway,
  schema: Schema,
  toSwitch: (input: z.output<Schema>) => Switches,
): Promise<AdminReply> {
  const input = readInput(schema, body)
  if ('refusal' in input) return input
  const api = params['api'] ?? ''
  const known = config().apis.map(({ name }) => name)
  if (!known.includes(api)) return refused('resource.not_found', { resource: 'api', id: api, issue: `no API is called "${api.slice(0, 100)}"${suggestion(api, known)}` })
  const { before, after } = await directory.updateSwitches(api, (switches) => ({ ...switches, ...toSwitch(input.value) }))
  await directory.audit('switches.set', { who, api, before: showSwitches(before), after: showSwitches(after) })
  return { body: { api, switches: showSwitches(after) } }
}

function showSwitches({ maintenance, overload }: Switches) {
  const untilMs = maintenance?.untilMs
  return {
    maintenance: { on: maintenance?.on ?? false, ...(untilMs !== undefined && { until: instantText(untilMs) }) },
    overload: { on: overload?.on ?? false },
  }
}
