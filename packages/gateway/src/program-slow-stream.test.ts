import { expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { createService, startPaid } from './fixtures/paid-program.ts'

/** Fails today. Belongs beside packages/gateway/src/program-paid.test.ts. */
it('a stream that its caller reads for longer than the hold lasts is charged all the same', async () => {
  const clock = createManualClock(Date.UTC(2026, 10, 21, 12))
  const service = await createService()
  const program = await startPaid(service, { clock })
  let write: (text: string, last: boolean) => void = () => undefined
  service.answerBy((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 0\n\n')
    write = (text, last) => void (last ? response.end(text) : response.write(text))
  })
  const reader = (await program.send('POST /v1/work')).body?.getReader()
  await reader?.read()
  // Never idle for as long as the upstream's deadline, but for longer than the ten minutes of a hold.
  for (let part = 1; part <= 30; part += 1) {
    for (let second = 0; second < 25; second += 1) {
      clock.advance(1_000)
      await new Promise(setImmediate)
    }
    write(`data: ${part}\n\n`, part === 30)
    await reader?.read()
  }
  await reader?.read()
  console.log(await program.ledger())
  await expect.poll(program.money).toEqual({ available: 490, held: 0 })
})
