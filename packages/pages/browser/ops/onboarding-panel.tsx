import { useApi } from '../api/use-api.ts'
import { count, number, percent } from '../format/numbers.ts'
import { duration } from '../format/times.ts'
import { reasonWords } from '../format/words.ts'
import { Badge } from '../ui/badge.tsx'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import type { OnboardingQueue, RunCounts } from './contracts.ts'

const TONES = { pending: 'quiet', processing: 'busy', failed: 'critical' } as const

export function OnboardingPanel({ version }: { readonly version: string }) {
  const every = () => 5_000
  const day = useApi<{ readonly onboarding: RunCounts | null }>(
    '/admin/batch/history/summary?days=1',
    { version, every },
  )
  const queue = useApi<OnboardingQueue>('/admin/onboarding/queue', { every })
  return (
    <Card title="Onboarding" note="last 24 hours">
      <Answered query={day} what="The day’s onboardings" lines={2}>
        {({ onboarding }) => <Day summary={onboarding} />}
      </Answered>
      <h3>Unknown symbols</h3>
      <Answered query={queue} what="The queue of symbols" lines={2}>
        {(answer) => <Queue queue={answer} />}
      </Answered>
    </Card>
  )
}

function Day({ summary }: { readonly summary: RunCounts | null }) {
  return (
    <dl class="facts">
      <div>
        <dt>Portfolios</dt>
        <dd class="figure">{number(summary?.runs ?? 0)}</dd>
      </div>
      <div>
        <dt>Average time</dt>
        <dd class="figure">{duration(summary?.average_duration_seconds ?? null)}</dd>
      </div>
      <div>
        <dt>Success rate</dt>
        <dd class="figure">{percent(summary?.success_rate ?? null)}</dd>
      </div>
    </dl>
  )
}

function Queue({
  queue: { counts, max_queue: room, symbols },
}: {
  readonly queue: OnboardingQueue
}) {
  if (symbols.length === 0)
    return <Nothing>The queue is empty; it holds {number(room)} symbols.</Nothing>
  return (
    <>
      <p>
        {count(counts.processing, 'symbol')} being fetched, {number(counts.pending)} of{' '}
        {number(room)} waiting, {number(counts.failed)} failed
      </p>
      <ul class="queue">
        {symbols.map(({ symbol, state, queued_seconds, estimated_seconds, reason }) => (
          <li key={symbol}>
            <Badge tone={TONES[state]}>{state}</Badge> <strong>{symbol}</strong>{' '}
            <span class="fine figure">
              {state === 'failed'
                ? reasonWords(reason)
                : `for ${duration(queued_seconds)}${estimated_seconds === null ? '' : `, about ${duration(estimated_seconds)} to go`}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
