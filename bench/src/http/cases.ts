import { cpuRatio, type BenchCase, type Finding, type Measures } from '../bench-case.ts'
import { directContender, nginxContender, serverContender, type HttpJob } from './http-contender.ts'
import { findWrongPassage, findWrongRefusal } from './probe.ts'
import { authorization, path } from './task.ts'

const CONNECTIONS = 64

const refused: HttpJob = { path, headers: {}, status: 401, connections: CONNECTIONS, findWrong: findWrongRefusal }
const passed: HttpJob = { path, headers: { Authorization: authorization }, status: 200, connections: CONNECTIONS, findWrong: findWrongPassage }
const alone: HttpJob = { ...passed, connections: 1 }

/** By CPU time: who asks has one core for itself and is busy before the fastest contenders are. */
function versus(subject: string, peer: string, goal?: NonNullable<Finding['goal']>): Finding {
  return { title: `${subject} : ${peer}`, unit: '×', of: [subject, peer], value: (one, other) => ratioOf(one, other), better: 'more', ...(goal !== undefined && { goal }) }
}

function ratioOf(one: Measures | undefined, other: Measures | undefined): number {
  return one === undefined || other === undefined ? Number.NaN : cpuRatio(one, other)
}

const refusal: BenchCase = {
  name: 'refusal',
  title: '401 with a JSON envelope and a fresh request id, no key sent, 64 connections',
  contenders: [
    ...['tollgate', 'tollgate, memory store', 'node:http', 'fastify', 'express', 'express, limit first'].map((name) => serverContender(name, refused)),
    nginxContender(refused),
  ],
  findings: ['tollgate', 'tollgate, memory store'].flatMap((subject) => [
    versus(subject, 'nginx', { floor: 0.45, stretch: 0.6 }),
    versus(subject, 'node:http'),
    versus(subject, 'fastify', { floor: 1.3, stretch: 1.6 }),
    versus(subject, 'express'),
    versus(subject, 'express, limit first', { floor: 7, stretch: 9 }),
  ]),
}

const accepted: BenchCase = {
  name: 'accepted',
  title: '1 KB of JSON through the proxy: key check, limit, request id, rate headers, 64 connections',
  contenders: [...['tollgate', 'tollgate, memory store', 'fastify', 'express'].map((name) => serverContender(name, passed)), nginxContender(passed)],
  findings: ['tollgate', 'tollgate, memory store'].flatMap((subject) => [
    versus(subject, 'nginx', { floor: 0.38, stretch: 0.5 }),
    versus(subject, 'fastify', { floor: 1.8, stretch: 2.4 }),
    versus(subject, 'express'),
  ]),
}

const DIRECT = 'no gateway'

/** What each adds to the time that the upstream takes by itself. */
function addedLatency(subject: string, goal: NonNullable<Finding['goal']>): Finding {
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
  title: 'the same through the proxy, one connection',
  contenders: [
    directContender(DIRECT, { ...alone, findWrong: (port) => findWrongPassage(port, true) }),
    ...['tollgate', 'tollgate, memory store', 'fastify', 'express'].map((name) => serverContender(name, alone)),
    nginxContender(alone),
  ],
  findings: ['tollgate', 'tollgate, memory store'].map((subject) => addedLatency(subject, { floor: 1.5, stretch: 1.2 })),
}

export const httpCases: readonly BenchCase[] = [refusal, accepted, latency]
