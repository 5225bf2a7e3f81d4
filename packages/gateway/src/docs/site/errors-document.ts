/** All errors as data, for programs: `errors.json`. What it has is in its schema, and stays; more may come. */
import { compact } from 'tollgate/contract'
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { actorWords } from '../model/words/action-words.ts'
import { codePlace } from '../pages/entry-cells.ts'

export function errorsDocument(contract: DescribedContract): object {
  const { name, title, docsUrl, requestId, idempotencyKey, rateHeaders, members, entries } = contract
  return compact({
    $schema: 'errors.schema.json',
    name,
    title,
    docsUrl,
    codeAt: codePlace(contract),
    requestIdHeader: requestId.header,
    requestIdAt: requestId.place,
    idempotencyKeyHeader: idempotencyKey,
    rateLimitHeaders: rateHeaders.map((header) => ({ name: header.name, meaning: header.meaning })),
    members: members.map(({ place, always, meaning }) => ({ at: place, always, meaning })),
    errors: entries.map(toItem),
  })
}

function toItem(entry: DescribedEntry): object {
  const { id, code, status, sentAs, reason, title, description, remedy, messages, retry, actor, action, steps, facts, example, related, address } = entry
  return compact({
    id,
    code: code === '' ? undefined : code,
    status: sentAs,
    meansStatus: status === sentAs ? undefined : status,
    reason,
    title,
    description,
    remedy,
    messages: Object.values(messages).flat(),
    retry: compact({ rule: retry.rule, clock: retry.clock?.kind, toldBy: retry.clock?.toldBy, words: retry.words }),
    actor: { id: actor, title: actorWords[actor].title },
    action: { id: action.id, title: action.title },
    steps,
    facts: facts.map(({ wireName, place, type, unit, always, meaning, example: value }) => compact({ name: wireName, at: place, type, unit, always, meaning, example: value })),
    example: { status: example.answer.status, headers: headersOf(example.answer.headers), body: example.answer.body },
    related: related.map((other) => ({ id: other.id, why: other.why })),
    page: address,
  })
}

function headersOf(flat: readonly string[]): readonly { readonly name: string; readonly value: string }[] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [{ name, value: flat[at + 1] ?? '' }] : []))
}
