/** Refuses a text that holds a word which the account blocks. */
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import { findBlockedWord } from './blocked-words.ts'
import { fieldOf } from './json-body.ts'
import { readJson } from './request-body.ts'
import type { Step } from './step.ts'

export const blockWords: Step<'blockWords'> = {
  key: 'blockWords',
  plan: () => ({}),
  prepare: ({ field }) => (current) => refusedText(current, field),
}

async function refusedText(current: CallInProgress, field: string): Promise<Refusal | undefined> {
  const body = await readJson(current)
  if (body.kind === 'refused') return body
  const text = fieldOf(body.value, field)
  const word = typeof text === 'string' ? findBlockedWord(text, current.log.principal?.account.blockedWords ?? []) : undefined
  // Which word it was stays private: the answer must not reveal the list.
  return word === undefined ? undefined : refuse('content.blocked', { field, issue: 'contains blocked content' }, { source: 'client', cause: `blocked word: ${word}` })
}
