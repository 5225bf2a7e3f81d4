/** The types of `page/run.js`, which runs recipes in the browser and here alike. */
import type { DescribedCalls, Expectation } from './description.ts'
import type { Step } from './recipe.ts'

export interface ReceivedAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly text: string
  readonly milliseconds: number
}

export interface RunOptions {
  /** Default: `fetch`, which needs whole addresses outside a browser. */
  readonly send?: (path: string, init: RequestInit) => Promise<Response>
  /** Default: a timer. */
  readonly pause?: (milliseconds: number) => Promise<unknown>
  readonly onAnswer?: (answer: ReceivedAnswer) => void
}

export interface RecipeRun {
  /** Every answer, in the order in which they came. */
  readonly answers: readonly ReceivedAnswer[]
  readonly meant: ReceivedAnswer
}

interface Runner {
  /** Puts what the steps capture into `values`. Rejects as `runRecipe` does. */
  runSteps(steps: readonly Step[], options: RunOptions & { readonly values: { [name: string]: string } }): Promise<readonly ReceivedAnswer[]>
  /** Rejects if no answer comes at all, if a step is refused, or if its answer lacks what was to be captured. */
  runRecipe(recipe: DescribedCalls & { readonly expect: ExpectedAnswer }, options?: RunOptions): Promise<RecipeRun>
  isAsDocumented(answer: Pick<ReceivedAnswer, 'status' | 'text'>, expect: ExpectedAnswer): boolean
  codeOf(answer: Pick<ReceivedAnswer, 'text'>, codeAt: string): string | number | undefined
}

export type ExpectedAnswer = Pick<Expectation, 'status' | 'code' | 'codeAt'>

const runner: Runner = await import(new URL('../page/run.js', import.meta.url).href)

export const { runRecipe, runSteps, isAsDocumented, codeOf } = runner
