/** What has changed of a template: member by member, with what stands in each. */
import type { JsonValue } from '../../contract/declare/facts.ts'
import { isJsonObject } from '../../contract/values/json-object.ts'
import type { FoundChange } from './change.ts'

export function changesOfTemplate(before: JsonValue, after: JsonValue, path: string): readonly FoundChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (isJsonObject(before) && isJsonObject(after) && !Object.hasOwn(before, '$each') && !Object.hasOwn(after, '$each')) return changesOfMembers(before as Members, after as Members, path)
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) return before.flatMap((item, at) => changesOfTemplate(item as JsonValue, after[at] as JsonValue, `${path}[${at}]`))
  return [toChange(before, after, path)]
}

interface Members {
  readonly [name: string]: JsonValue
}

function changesOfMembers(before: Members, after: Members, path: string): readonly FoundChange[] {
  const bare = (name: string): string => (name.endsWith('?') ? name.slice(0, -1) : name)
  const [own, others] = [new Map(Object.entries(before).map(([name, value]) => [bare(name), { name, value }])), new Map(Object.entries(after).map(([name, value]) => [bare(name), { name, value }]))]
  const gone = [...own].filter(([name]) => !others.has(name))
  const added = [...others].filter(([name]) => !own.has(name))
  const found: FoundChange[] = []
  const renamed = new Set<string>()
  for (const [name, { value }] of gone) {
    // What holds the same under another name is that one.
    const next = added.find(([other, each]) => !renamed.has(other) && holdsSlot(value) && JSON.stringify(each.value) === JSON.stringify(value))
    if (next !== undefined) renamed.add(next[0])
    found.push(next === undefined ? { rule: 'member-removed', path: `${path}.${name}`, before: value, says: `${name} is gone` } : { rule: 'member-renamed', path: `${path}.${next[0]}`, before: name, after: next[0], says: `${name} is called ${next[0]} now` })
  }
  for (const [name, { value }] of added) if (!renamed.has(name)) found.push({ rule: 'member-added', path: `${path}.${name}`, after: value, says: `${name} is new` })
  for (const [name, was] of own) {
    const is = others.get(name)
    if (is === undefined) continue
    if (was.name !== is.name) found.push({ rule: is.name.endsWith('?') ? 'member-made-optional' : 'member-steadied', path: `${path}.${name}`, before: was.name, after: is.name, says: is.name.endsWith('?') ? `${name} may be missing now` : `${name} always comes now` })
    found.push(...changesOfTemplate(was.value, is.value, `${path}.${name}`))
  }
  return found.length > 0 ? found : [{ rule: 'words-changed', path, before, after, says: 'its members stand in another order' }]
}

/** A constant says nothing of what a member is for. */
function holdsSlot(value: JsonValue): boolean {
  return JSON.stringify(value).includes('"$') || /"[^"]*\{\w/.test(JSON.stringify(value))
}

function toChange(before: JsonValue, after: JsonValue, path: string): FoundChange {
  const [was, is] = [slotIn(before), slotIn(after)]
  const base = { path, before, after }
  if (was !== undefined && is !== undefined && was.name === is.name) {
    if (is.policy === '') return { ...base, rule: 'member-steadied', says: 'it always comes now' }
    return { ...base, rule: 'member-made-optional', says: is.policy === '?' ? 'it may be missing now' : 'it may be null now' }
  }
  if (isConstant(before) && isConstant(after)) return { ...base, rule: 'constant-changed', says: `it is ${JSON.stringify(after)} now, and was ${JSON.stringify(before)}` }
  return { ...base, rule: 'member-retyped', says: 'it holds something else' }
}

function slotIn(value: JsonValue): { readonly name: string; readonly policy: string } | undefined {
  const [, name, policy = ''] = typeof value === 'string' ? (/^\$(?!\$)([\w.]+)(\?|\|null)?$/.exec(value) ?? []) : []
  return name === undefined ? undefined : { name, policy }
}

function isConstant(value: JsonValue): boolean {
  return (typeof value !== 'object' || value === null) && !holdsSlot(value)
}
