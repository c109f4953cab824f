import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import type { Query } from '../api/use-api.ts'
import { Notice, ProblemNotice } from './notice.tsx'

/** A part of a page under a heading of its own. */
export function Card({
  title,
  note,
  actions,
  wide = false,
  children,
}: {
  readonly title: string
  /** A few words beside the title. */
  readonly note?: ComponentChildren
  readonly actions?: ComponentChildren
  /** Takes the whole row. */
  readonly wide?: boolean
  readonly children: ComponentChildren
}) {
  const id = useId()
  return (
    <section class={wide ? 'card wide' : 'card'} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <p class="card-note">{note}</p>}
        {actions !== undefined && <div class="card-actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}

/**
 * What a query answers, in each of its states: loading, failed, answered, and answered before but failed now,
 * where the old answer stays under a word of warning.
 */
export function Answered<Answer>({
  query,
  what,
  lines = 4,
  children,
}: {
  readonly query: Query<Answer>
  /** `The positions`. */
  readonly what: string
  /** How much room the answer will take, so that nothing jumps. */
  readonly lines?: number
  readonly children: (answer: Answer) => ComponentChildren
}) {
  const { data, problem, reload } = query
  if (data === null) {
    if (problem === null) return <Loading what={what} lines={lines} />
    return <ProblemNotice title={`${what} cannot be shown`} problem={problem} onRetry={reload} />
  }
  return (
    <>
      {problem !== null && (
        <Notice tone="warning" title={`${what} may be out of date`}>
          <p>
            The latest try to read it failed: {problem.message} <code>{problem.code}</code>
          </p>
        </Notice>
      )}
      {children(data)}
    </>
  )
}

function Loading({ what, lines }: { readonly what: string; readonly lines: number }) {
  return (
    <div class="loading" role="status">
      <span class="unseen">{what}: loading…</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="bone" aria-hidden="true" />
      ))}
    </div>
  )
}

/** What stands where there is nothing to show, and why. */
export function Nothing({ children }: { readonly children: ComponentChildren }) {
  return <p class="nothing">{children}</p>
}
