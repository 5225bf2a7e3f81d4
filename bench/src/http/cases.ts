import { cpuShare, figure, p99Ratio, shareOf, versus, type BenchCase, type Contender, type Finding, type Goal } from '../bench-case.ts'
import { caddy } from './caddy.ts'
import { haproxy } from './haproxy.ts'
import { directContender, foreignContender, serverContender, type HttpJob } from './http-contender.ts'
import { nginx } from './nginx.ts'
import { findWrongEvents, findWrongPassage, findWrongRefusal } from './probe.ts'
import { authorization, paths } from './task.ts'

const CONNECTIONS = 64
const IDLE = 10_000
const STREAMS = 1_000

const TOLLGATE = 'tollgate'
const IN_MEMORY = 'tollgate, memory store'

const refused: HttpJob = { path: paths.item, headers: {}, status: 401, connections: CONNECTIONS, findWrong: findWrongRefusal }

function passing(asked: Pick<HttpJob, 'path' | 'method' | 'body'>, connections = CONNECTIONS): HttpJob {
  const whole = { headers: { Authorization: authorization }, ...asked }
  return { ...whole, status: 200, connections, findWrong: (port) => findWrongPassage(port, whole) }
}

const item = passing({ path: paths.item })

/** Of servers that run in a process of ours, then of those that the machine may have. */
function side(names: readonly string[], job: HttpJob): readonly Contender[] {
  return [...names.map((name) => serverContender(name, job)), ...[nginx, haproxy, caddy].map((server) => foreignContender(server, job))]
}

const refusal: BenchCase = {
  name: 'refusal',
  title: '401 with a JSON envelope and a fresh request id, no key sent, 64 connections',
  contenders: side([TOLLGATE, IN_MEMORY, 'node:http', 'fastify', 'express', 'express, limit first'], refused),
  findings: [TOLLGATE, IN_MEMORY].flatMap((subject) => [
    versus(subject, 'nginx', { floor: 0.55, stretch: 0.75 }),
    versus(subject, 'HAProxy'),
    versus(subject, 'Caddy'),
    versus(subject, 'node:http'),
    versus(subject, 'fastify', { floor: 1.3, stretch: 1.8 }),
    versus(subject, 'express'),
    versus(subject, 'express, limit first', { floor: 6, stretch: 10 }),
  ]),
}

interface Goals {
  readonly nginx?: Goal
  readonly fastify?: Goal
}

function besideProxies(subject: string, goals: Goals): readonly Finding[] {
  return [versus(subject, 'nginx', goals.nginx), versus(subject, 'fastify', goals.fastify), versus(subject, 'HAProxy', { floor: 0.5, stretch: 0.7 }), versus(subject, 'Caddy', { floor: 1, stretch: 1 })]
}

const withoutMoney: Goals = { nginx: { floor: 0.55, stretch: 0.75 }, fastify: { floor: 2, stretch: 3.5 } }
const withMoney: Goals = { nginx: { floor: 0.35, stretch: 0.5 }, fastify: { floor: 1.3, stretch: 2.2 } }
const p99 = (subject: string): Finding => shareOf('p99', subject, 'nginx', { floor: 4, stretch: 2 }, p99Ratio)

const accepted: BenchCase = {
  name: 'accepted',
  title: '1 KB of JSON through the proxy: key check, limit, request id, rate headers, 64 connections',
  contenders: side([TOLLGATE, IN_MEMORY, 'fastify', 'express'], item),
  findings: [TOLLGATE, IN_MEMORY].flatMap((subject) => [...besideProxies(subject, withoutMoney), versus(subject, 'express'), p99(subject)]),
}

const money: BenchCase = {
  name: 'money',
  title: 'the same, and each request is paid for: held, marked as sent and charged, each on disk before it goes on; the others take no money',
  contenders: side([TOLLGATE, 'fastify'], passing({ path: paths.paid })),
  findings: [...besideProxies(TOLLGATE, withMoney), p99(TOLLGATE)],
}

const large: BenchCase = {
  name: 'large',
  title: '64 KB of JSON through the proxy, 64 connections',
  contenders: side([TOLLGATE, 'fastify'], passing({ path: paths.large })),
  findings: besideProxies(TOLLGATE, withoutMoney),
}

const post: BenchCase = {
  name: 'post',
  title: '1 KB of JSON to the service, 1 KB back, 64 connections',
  contenders: side([TOLLGATE, 'fastify'], passing({ path: paths.creation, method: 'POST', body: JSON.stringify({ text: 'All is well. '.repeat(77) }).padEnd(1_024) })),
  findings: besideProxies(TOLLGATE, withoutMoney),
}

const DIRECT = 'no gateway'
const alone = passing({ path: paths.item }, 1)

/** What each adds to the time that the upstream takes by itself. */
function addedLatency(subject: string, goal: Goal): Finding {
  return {
    title: `added p50, ${subject} : nginx`,
    unit: '×',
    of: [subject, 'nginx', DIRECT],
    value: (...[one, other, direct]) => {
      const base = direct?.p50Ms ?? Number.NaN
      return ((one?.p50Ms ?? Number.NaN) - base) / ((other?.p50Ms ?? Number.NaN) - base)
    },
    better: 'less',
    goal,
  }
}

const latency: BenchCase = {
  name: 'latency',
  title: 'the first one through the proxy, one connection',
  contenders: [directContender(DIRECT, { ...alone, findWrong: (port) => findWrongPassage(port, { headers: { authorization } }, true) }), ...side([TOLLGATE, IN_MEMORY, 'fastify', 'express'], alone)],
  findings: [TOLLGATE, IN_MEMORY].map((subject) => addedLatency(subject, { floor: 1.5, stretch: 1.2 })),
}

const idle: BenchCase = {
  name: 'idle',
  title: `${IDLE.toLocaleString('en')} connections that have been used once and stay open`,
  contenders: [...[TOLLGATE, 'fastify', 'node:http'].map((name) => serverContender(name, { ...item, kind: 'idle', connections: IDLE, ...(name === 'node:http' && { ...refused, kind: 'idle', connections: IDLE }) })), foreignContender(nginx, { ...item, kind: 'idle', connections: IDLE })],
  findings: [figure('bytes a connection, tollgate', TOLLGATE, 'bytes'), figure('bytes a connection, fastify', 'fastify', 'bytes'), figure('bytes a connection, nginx', 'nginx', 'bytes')],
}

function events(path: string): HttpJob {
  return { path, headers: { Authorization: authorization }, status: 200, connections: STREAMS, kind: 'events', findWrong: (port) => findWrongEvents(port, path) }
}

const PRICED = 'tollgate, priced by events'

const streams: BenchCase = {
  name: 'streams',
  title: `${STREAMS.toLocaleString('en')} open streams of ten events a second`,
  // fastify's proxy opens 128 connections to a service at most.
  contenders: [...side([TOLLGATE], events(paths.events)), serverContender(PRICED, events(paths.pricedEvents))],
  findings: [
    shareOf('CPU an event', TOLLGATE, 'nginx', { floor: 2, stretch: 1.5 }, cpuShare),
    shareOf('CPU an event', PRICED, 'nginx', { floor: 2.5, stretch: 2 }, cpuShare),
    shareOf('p99 on the way', TOLLGATE, 'nginx', { floor: 2, stretch: 1 }, p99Ratio),
    shareOf('p99 on the way', PRICED, 'nginx', { floor: 2, stretch: 1 }, p99Ratio),
    figure('bytes a stream, tollgate', TOLLGATE, 'bytes', { floor: 20_480, stretch: 10_240 }),
    figure('bytes a stream, priced', PRICED, 'bytes', { floor: 20_480, stretch: 10_240 }),
  ],
}

export const httpCases: readonly BenchCase[] = [refusal, accepted, money, large, post, latency, idle, streams]
