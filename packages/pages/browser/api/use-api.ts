import { useCallback, useEffect, useState } from 'preact/hooks'
import { useClient } from '../session/session-context.tsx'
import { toProblem, type Problem } from './problem.ts'

/** What the API answers to a path, as far as it has. */
export interface Query<Answer> {
  /** The newest answer; it stays when a later one fails. Null before the first. */
  readonly data: Answer | null
  /** Why the latest try failed; null when it did not. */
  readonly problem: Problem | null
  readonly reload: () => void
}

export interface ApiOptions<Answer> {
  /** After how many milliseconds to ask again, given what was answered last; null = not by itself. */
  readonly every?: (data: Answer | null) => number | null
  /** When it changes, the answer is asked for anew; the old one stays until then. */
  readonly version?: string | null
}

interface State<Answer> {
  readonly path: string
  readonly data: Answer | null
  readonly problem: Problem | null
  readonly isAsking: boolean
}

/** Asks for a path, and again as the options say while the page is looked at. */
export function useApi<Answer>(path: string, options: ApiOptions<Answer> = {}): Query<Answer> {
  const { every, version = null } = options
  const client = useClient()
  const [turn, setTurn] = useState(0)
  const [state, setState] = useState<State<Answer>>(() => asking(path))
  const reload = useCallback(() => {
    setTurn((before) => before + 1)
  }, [])

  useEffect(() => {
    setState((before) => (before.path === path ? { ...before, isAsking: true } : asking(path)))
    const gone = new AbortController()
    client.get<Answer>(path, gone.signal).then(
      (data) => {
        if (gone.signal.aborted) return
        setState({ path, data, problem: null, isAsking: false })
      },
      (thrown: unknown) => {
        if (gone.signal.aborted) return
        setState((before) => ({ ...before, problem: toProblem(thrown), isAsking: false }))
      },
    )
    return () => {
      gone.abort()
    }
  }, [client, path, turn, version])

  // What was answered to another path is nothing to this one.
  const { data, problem, isAsking } = state.path === path ? state : asking<Answer>(path)
  const pause = isAsking ? null : (every?.(data) ?? null)
  useEffect(() => {
    if (pause === null) return
    const timer = setInterval(() => {
      if (!document.hidden) reload()
    }, pause)
    return () => {
      clearInterval(timer)
    }
  }, [pause, reload, turn])

  return { data, problem, reload }
}

function asking<Answer>(path: string): State<Answer> {
  return { path, data: null, problem: null, isAsking: true }
}
