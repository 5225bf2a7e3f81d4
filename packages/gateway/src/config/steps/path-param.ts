/** A parameter of the route's path, as steps name it. */
import type { Path } from '../read/config-problem.ts'
import { suggestion } from '../read/suggestion.ts'
import type { StepContext } from './step-context.ts'

export function checkParam(param: string, path: Path, { params, route, report }: StepContext): void {
  if (params?.includes(param) === false) report(path, `the path of ${route.on} has no {${param}}${params.length === 0 ? `; write one, such as /items/{${param}}` : suggestion(param, params)}`)
}
