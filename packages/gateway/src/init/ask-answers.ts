/** The questions, one after the other: what an option has said already is not asked, and an empty answer takes what stands in brackets. */
import { charges, DEFAULT_PRICE, readAnswer, familiesOfReasons, usualReasons, type Read, type TypedAnswers } from './init-answers.ts'
import { startDialects } from './start-dialects.ts'

export interface Asking {
  ask(question: string): Promise<string>
  say(text: string): void
}

export async function askAnswers(given: TypedAnswers & { readonly isNamed: boolean }, { ask, say }: Asking): Promise<TypedAnswers> {
  async function answer(question: string, otherwise: string, read: (typed: string) => Read<unknown>): Promise<string> {
    for (;;) {
      const typed = (await ask(`${question} [${otherwise}] `)).trim()
      if (typed === '') return otherwise
      const outcome = read(typed)
      if (outcome.ok) return typed
      say(`  ${outcome.fault}\n`)
    }
  }
  const unless = (said: string | undefined, asked: () => Promise<string>): Promise<string> => (said === undefined ? asked() : Promise.resolve(said))

  const name = given.isNamed ? given.name : await answer('What is the API called?', given.name, readAnswer.name)
  if (given.dialect === undefined) say(`How do its errors look?\n${startDialects.map((each) => `  ${each.name.padEnd(10)} ${each.title}\n`).join('')}`)
  const dialect = await unless(given.dialect, () => answer('Dialect?', startDialects[0].name, readAnswer.dialect))
  if (given.charge === undefined) say('How do you charge?\n  free       nothing; sixty calls a minute\n  quota      so many calls a month, by plan\n  credits    prepaid, a price for each call\n  usage      prepaid, by what the answer says was used\n')
  const charge = await unless(given.charge, () => answer('Charge?', 'quota', readAnswer.charge))
  const isPaid = charge === 'credits' || charge === 'usage'
  const price = isPaid ? await unless(given.price, () => answer(charge === 'usage' ? 'Price of a thousand?' : 'Price of a call?', DEFAULT_PRICE, readAnswer.price)) : given.price
  const upstream = given.upstream ?? (await answer('Where is your service? (none: a small one is written for you)', 'none', (typed) => (typed === 'none' ? { ok: true, value: typed } : readAnswer.upstream(typed))))
  if (given.codes === undefined) say(`Which refusals have a code of their own? Reasons, families (${familiesOfReasons.join(', ')}) or all.\n  usual: ${usualReasons(charges.find((each) => each === charge) ?? 'free').join(', ')}\n`)
  const codes = given.codes ?? (await answer('Codes?', 'usual', (typed) => (typed === 'usual' ? { ok: true, value: typed } : readAnswer.codes(typed))))
  return { name, dialect, charge, price, upstream: upstream === 'none' ? undefined : upstream, codes: codes === 'usual' ? undefined : codes }
}
