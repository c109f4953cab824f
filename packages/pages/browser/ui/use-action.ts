import { useState } from 'preact/hooks'
import { toProblem, type Problem } from '../api/problem.ts'

/** Something that a button sets off. */
export interface Action<Argument> {
  readonly run: (argument: Argument) => void
  readonly isBusy: boolean
  /** Why the latest try failed. */
  readonly problem: Problem | null
  readonly clear: () => void
}

/** Runs work one at a time, and keeps what went wrong. */
export function useAction<Argument = void>(
  work: (argument: Argument) => Promise<void>,
): Action<Argument> {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const run = (argument: Argument) => {
    if (isBusy) return
    setBusy(true)
    setProblem(null)
    work(argument)
      .catch((thrown: unknown) => {
        setProblem(toProblem(thrown))
      })
      .finally(() => {
        setBusy(false)
      })
  }
  return {
    run,
    isBusy,
    problem,
    clear: () => {
      setProblem(null)
    },
  }
}
