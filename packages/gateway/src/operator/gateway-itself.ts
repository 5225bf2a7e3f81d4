/** The gateway itself: status, reload, stop, backup, check of its store. */
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { formatProblem, quote } from '../config/read/config-problem.ts'
import { settings } from '../config/read/scalars.ts'
import { instantOf, instantText } from './fields.ts'
import { operation } from './operation.ts'
import { done, invalid, refused } from './reply.ts'

const alert = z.object({
  at: instantOf('when it was raised'),
  kind: z.string().describe('what it is about: `store`, `upstream`, `clock`, …'),
  message: z.string().describe('what is wrong, in words'),
  requestId: z.string().optional().describe('the request at which it showed'),
})

export const gatewayOperations = [
  operation({
    name: 'gateway.status',
    method: 'GET',
    path: '/v1/status',
    words: 'how the gateway is doing: version, store, clock, alerts',
    may: 'read',
    input: {},
    output: z.object({
      version: z.string().describe('of the program'),
      url: z.string().describe('where callers reach it'),
      pid: z.int().describe('its process'),
      startedAt: instantOf('when it started'),
      now: instantOf('its time'),
      aheadMs: z.number().describe('milliseconds that its time is ahead of the machine’s'),
      store: z.string().describe('`memory` or `sqlite`'),
      storeHighWater: instantOf('the latest instant that the store has seen'),
      apis: z.array(z.string()).describe('the APIs of its configuration'),
      alerts: z.array(alert).describe('what an operator should see, the newest last'),
    }),
    async handle(_, { config, clock, aheadMs, storeHighWaterMs, version, startedAtMs, url, alerts, pid }) {
      const { apis, store: stored } = config()
      return done({
        version,
        url,
        pid,
        startedAt: instantText(startedAtMs),
        now: instantText(clock.wallMs()),
        aheadMs: aheadMs(),
        store: stored.kind,
        storeHighWater: instantText(storeHighWaterMs()),
        apis: apis.map(({ name }) => name),
        alerts: (await alerts()).map(({ atMs, ...told }) => ({ at: instantText(atMs), ...told })),
      })
    },
  }),
  operation({
    name: 'gateway.reload',
    method: 'POST',
    path: '/v1/reload',
    words: 'read the configuration again; a bad one changes nothing',
    may: 'operate',
    input: {},
    output: z.object({ reloaded: z.literal(true).describe('the new one holds from now on') }),
    async handle({ who }, { reload, directory }) {
      const outcome = await reload()
      await directory.audit('config.reload', { who, ok: outcome.ok })
      if (outcome.ok) return done({ reloaded: true })
      return refused('resource.conflict', { resource: 'config', issue: `the old configuration stays: ${outcome.problems.map(formatProblem).join(' · ')}` })
    },
  }),
  operation({
    name: 'gateway.stop',
    method: 'POST',
    path: '/v1/stop',
    words: 'end in order: what is in flight is answered, all is written',
    may: 'operate',
    input: {},
    output: z.object({
      stopping: z.literal(true).describe('it has begun'),
      pid: z.int().describe('the process that will end'),
      graceMs: z.number().describe('milliseconds that requests in flight may take'),
    }),
    async handle({ who }, { config, stop, directory, pid }) {
      await directory.audit('gateway.stop', { who })
      setImmediate(stop)
      return done({ stopping: true, pid, graceMs: config().shutdown.graceMs }, 202)
    },
  }),
  operation({
    name: 'store.backup',
    method: 'POST',
    path: '/v1/backup',
    words: 'write a whole copy of the database, as of one moment, to a new file on the gateway’s machine',
    may: 'operate',
    input: { body: settings({ file: z.string().describe('an absolute path at which there is nothing yet') }) },
    output: z.object({ file: z.string().describe('where the copy is') }),
    async handle({ body: { file }, who }, { backup, directory }) {
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
      return done({ file }, 201)
    },
  }),
  operation({
    name: 'store.check',
    method: 'POST',
    path: '/v1/store/check',
    words: 'read the whole database, each index against its table, and say what is damaged',
    may: 'operate',
    input: {},
    output: z.object({
      store: z.string().describe('`memory` or `sqlite`'),
      damage: z.array(z.string()).describe('what is damaged, in the words of the database; empty if nothing is'),
    }),
    async handle(_, { config, damage }) {
      return done({ store: config().store.kind, damage: damage === undefined ? [] : await damage() })
    },
  }),
] as const
