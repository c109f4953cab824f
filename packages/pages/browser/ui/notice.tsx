import type { ComponentChildren } from 'preact'
import type { Problem } from '../api/problem.ts'

export type Tone = 'info' | 'good' | 'warning' | 'critical'

/** Said beside the colour. */
const MARKS: Readonly<Record<Tone, { readonly mark: string; readonly word: string }>> = {
  info: { mark: 'i', word: 'Note' },
  good: { mark: '✓', word: 'Done' },
  warning: { mark: '!', word: 'Warning' },
  critical: { mark: '✕', word: 'Error' },
}

export function Notice({
  tone,
  title,
  children,
}: {
  readonly tone: Tone
  readonly title: string
  readonly children?: ComponentChildren
}) {
  const { mark, word } = MARKS[tone]
  return (
    <div class={`notice ${tone}`} role={tone === 'critical' ? 'alert' : 'status'}>
      <span class="mark" aria-hidden="true">
        {mark}
      </span>
      <div>
        <strong>
          <span class="unseen">{word}: </span>
          {title}
        </strong>
        {children !== undefined && <div class="notice-text">{children}</div>}
      </div>
    </div>
  )
}

/** An error answer: what it says, its code, and what to quote when asking for help. */
export function ProblemNotice({
  title,
  problem,
  onRetry,
}: {
  readonly title: string
  readonly problem: Problem
  readonly onRetry?: (() => void) | undefined
}) {
  return (
    <Notice tone="critical" title={title}>
      <p>{problem.message}</p>
      <ProblemRows problem={problem} />
      <p class="fine">
        <code>{problem.code}</code>
        {problem.requestId !== null && (
          <>
            {' '}
            · request <code class="breakable">{problem.requestId}</code>
          </>
        )}
      </p>
      {onRetry !== undefined && (
        <button type="button" class="small" onClick={onRetry}>
          Try again
        </button>
      )}
    </Notice>
  )
}

function ProblemRows({ problem }: { readonly problem: Problem }) {
  if (problem.rows.length === 0) return null
  return (
    <ul class="rows">
      {problem.rows.map(({ field, line, code, message }, index) => (
        <li key={index}>
          {line !== undefined && <>Line {line}: </>}
          {field !== undefined && <code>{field.replace(/^body\./, '')}</code>} {message}{' '}
          <code>{code}</code>
        </li>
      ))}
    </ul>
  )
}
