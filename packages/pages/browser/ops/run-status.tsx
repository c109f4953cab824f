import { plain } from '../format/words.ts'
import { Badge, type BadgeTone } from '../ui/badge.tsx'
import type { Run } from './contracts.ts'

const TONES: Readonly<Record<string, BadgeTone>> = {
  running: 'busy',
  completed: 'good',
  completed_with_warnings: 'warning',
  failed: 'critical',
  aborted: 'critical',
  skipped: 'quiet',
  cancelled: 'quiet',
}

/** How a run ended, and why where it said so. */
export function RunStatus({ run }: { readonly run: Pick<Run, 'status' | 'reason'> }) {
  return (
    <>
      <Badge tone={TONES[run.status] ?? 'quiet'}>{plain(run.status)}</Badge>
      {run.reason !== null && <> {plain(run.reason)}</>}
    </>
  )
}
