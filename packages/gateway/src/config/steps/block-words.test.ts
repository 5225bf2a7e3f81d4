import { expect, it } from 'vitest'
import { configWhen, problemsWhen } from '../build/fixtures/nexalayer-config.ts'

it('asks for an account, whose words they are', () => {
  expect(problemsWhen((a) => a.routes[4].steps.push({ blockWords: { field: 'text' } }))).toEqual(['routes[4].steps[1].blockWords: a public route knows no account, so there are no words of its own to refuse'])
  expect(configWhen((a) => (a.routes[3].steps = [{ blockWords: { field: 'text' } }])).apis[0]?.routes[3]?.steps).toEqual([{ kind: 'blockWords', field: 'text' }])
})
