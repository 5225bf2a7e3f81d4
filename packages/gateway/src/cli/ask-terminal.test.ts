import { PassThrough } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'

it('answers that were typed ahead are kept for their questions, and a terminal that closes ends them', async () => {
  const [input, output] = [new PassThrough(), new PassThrough().resume()]
  const [stdin, stdout] = [process.stdin, process.stdout]
  onTestFinished(() => {
    Object.defineProperty(process, 'stdin', { value: stdin, configurable: true })
    Object.defineProperty(process, 'stdout', { value: stdout, configurable: true })
  })
  Object.defineProperty(process, 'stdin', { value: input, configurable: true })
  Object.defineProperty(process, 'stdout', { value: output, configurable: true })
  const { askTerminal } = await import('./ask-terminal.ts')
  input.write('one\ntwo\n')
  expect([await askTerminal('first? '), await askTerminal('second? ')]).toEqual(['one', 'two'])
  input.end()
  await expect(askTerminal('third? ')).rejects.toThrow('nothing was answered; nothing was written')
})
