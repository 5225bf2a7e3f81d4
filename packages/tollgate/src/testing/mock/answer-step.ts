/** A step and a request → the bytes of the answer, before its faults (`spoiled-answer.ts`). */
import type { Refusal } from '../../contract/declare/refusal.ts'
import { changedHeaders } from './changed-headers.ts'
import type { AnswerMaterial, MockAnswer } from './mock-plan.ts'
import type { MockStep } from './mock-script.ts'
import { eventsOf } from './mock-stream.ts'
import { spoiled, type WholeAnswer } from './spoiled-answer.ts'
import { playedOf, refusalOfStep, limitsReached } from './step-refusal.ts'

/** Timers of runtimes fire at once beyond it: some 25 days, longer than any client waits. */
const TIMER_MAX_MS = 2_147_483_647

export function answerStep(material: AnswerMaterial, asked: MockStep): MockAnswer {
  const { drop, pauseMs } = asked
  const delayMs = Math.min(asked.delayMs ?? 0, TIMER_MAX_MS)
  const step = pauseMs === undefined ? asked : { ...asked, pauseMs: Math.min(pauseMs, TIMER_MAX_MS) }
  const refusal = refusalOfStep(material, step)
  const isDone = refusal === undefined && step.raw === undefined && drop !== 'early'
  if (drop !== undefined) {
    return { delayMs, head: undefined, length: undefined, pieces: [], ends: 'close', played: { kind: 'dropped' }, isStream: false, events: 0, isDone, isBroken: true }
  }
  const body = bodyOf(material, step, refusal)
  return { delayMs, ...spoiled(body, step), played: body.played, isStream: body.isStream, events: body.events, isDone }
}

function bodyOf(material: AnswerMaterial, step: MockStep, refusal: Refusal | undefined): WholeAnswer {
  const { contract, context } = material
  const { raw, headers = {} } = step
  if (raw !== undefined) {
    const list = ['Content-Type', raw.contentType ?? 'text/html; charset=utf-8']
    return { status: raw.status, headers: changedHeaders(list, headers), played: { kind: 'raw', status: raw.status }, isStream: false, events: 0, parts: [raw.body ?? ''] }
  }
  if (refusal === undefined) return successOf(material, step)
  const limited = { ...context, limits: limitsReached(contract, refusal) }
  const sent = contract.render(refusal, limited)
  if (step.midStream !== undefined) {
    const { frames, head } = eventsOf(material, step)
    const frame = contract.streamFrame(refusal, context)
    const parts = [...frames.slice(0, step.midStream), ...(frame === undefined ? [] : [frame])]
    return { status: 200, headers: head, played: playedOf(contract, refusal, sent, [], context.nowMs), isStream: true, events: parts.length - 1, parts }
  }
  const written = contract.write(sent, limited)
  const list = changedHeaders(written.headers, headers)
  return { status: written.status, headers: list, played: playedOf(contract, refusal, sent, list, context.nowMs), isStream: false, events: 0, parts: [written.body] }
}

function successOf(material: AnswerMaterial, step: MockStep): WholeAnswer {
  const { contract, script, context, method, path } = material
  const status = step.status ?? script.success?.status ?? 200
  const played = { kind: 'success', status, isReplay: false } as const
  if (step.stream ?? (material.asksForStream && step.body === undefined)) {
    const { frames, end, head } = eventsOf(material, step)
    return { status, headers: head, played, isStream: true, events: frames.length, parts: [...frames, ...end] }
  }
  const data = step.body ?? script.success?.body ?? { ok: true, method, path }
  const written = contract.success(data, context, status)
  return { status, headers: changedHeaders(changedHeaders(written.headers, script.success?.headers ?? {}), step.headers ?? {}), played, isStream: false, events: 0, parts: [written.body] }
}
