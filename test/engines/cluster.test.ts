/** `npm run start:cluster` without its keys: two gateways as processes behind the balancer, of which one is killed under load. */
import { expect, it } from 'vitest'
import { closeBooks } from '../../examples/playground/src/cluster/cluster-terminal.ts'
import { createCluster } from '../../examples/playground/src/cluster/cluster.ts'
import { isProving } from '../runs.ts'

it.runIf(isProving)('a gateway is killed and started again while callers pay, then the database: nothing is lost, nothing is paid twice', async () => {
  const cluster = await createCluster({ port: 0 })
  try {
    const [a, b] = cluster.gateways
    expect((await fetch(`${cluster.url}/`)).headers.get('content-type')).toContain('text/html')
    const paidMore = async (by: number): Promise<void> => {
      const before = cluster.payer.paid()
      await expect.poll(() => cluster.payer.paid() - before).toBeGreaterThan(by)
    }
    await paidMore(50)
    expect(await cluster.measureRevocation()).toBeLessThan(2_000)
    await a.kill()
    await paidMore(50)
    await a.restart()
    await b.kill()
    await paidMore(50)
    await b.restart()
    await cluster.postgres.kill('SIGKILL')
    await cluster.postgres.restart()
    await paidMore(50)
    await cluster.payer.stop()
    const { isRight, text } = closeBooks(await cluster.books(), { paid: cluster.payer.paid(), made: cluster.coins.made() })
    expect([isRight, text]).toEqual([true, text])
  } finally {
    await cluster.close()
  }
})
