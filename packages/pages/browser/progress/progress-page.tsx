import { useLocation, useRoute } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import type { OnboardingStatus, Portfolio } from '../api/contracts.ts'
import { useApi } from '../api/use-api.ts'
import { count, number } from '../format/numbers.ts'
import { duration, timeOfDay } from '../format/times.ts'
import { sentence } from '../format/words.ts'
import { useClient } from '../session/session-context.tsx'
import { Badge, type BadgeTone } from '../ui/badge.tsx'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import { DownloadButton } from '../ui/download-button.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { ProgressBar } from '../ui/progress.tsx'
import { useAction } from '../ui/use-action.ts'
import { useTitle } from '../ui/use-title.ts'

const POLL_MS = 1_500

/** How far the first computation of a portfolio is; goes to the portfolio when it is done. */
export function ProgressPage() {
  const { id = '' } = useRoute().params
  const { route } = useLocation()
  const portfolio = useApi<Portfolio>(`/portfolios/${id}`)
  const status = useApi<OnboardingStatus>(`/onboarding/status/${id}`, {
    every: (data) => (data === null || data.status === 'running' ? POLL_MS : null),
  })
  const state = status.data?.status
  useTitle('Being computed')
  useEffect(() => {
    if (state === 'completed' || state === 'partial') route(`/portfolio/${id}`, true)
  }, [state, id])
  return (
    <div class="page narrow">
      <h1>{portfolio.data?.name ?? 'Portfolio'}</h1>
      <Answered query={status} what="The progress" lines={8}>
        {(answer) => <Progress id={id} status={answer} onStarted={status.reload} />}
      </Answered>
      <p>
        <a href={`/portfolio/${id}`}>Go to the portfolio</a>; it shows what there is.
      </p>
    </div>
  )
}

function Progress({
  id,
  status,
  onStarted,
}: {
  readonly id: string
  readonly status: OnboardingStatus
  readonly onStarted: () => void
}) {
  const { overall_progress: overall, phases, activity_log: activity } = status
  return (
    <>
      {(status.status === 'failed' || status.status === 'not_started') && (
        <Restart id={id} isFailed={status.status === 'failed'} onStarted={onStarted} />
      )}
      <Card title="Progress" note={`${duration(status.elapsed_seconds)} so far`}>
        <p role="status">{wordsOf(status)}</p>
        <ProgressBar percent={overall.percent_complete} label="Progress of the computation" />
        {phases.length > 0 && (
          <ol class="phases">
            {phases.map((phase) => (
              <li key={phase.name}>
                <Badge tone={TONES[phase.status]}>{phase.status}</Badge> {sentence(phase.name)}
                {phase.duration_ms !== null && (
                  <span class="fine figure"> {duration(phase.duration_ms / 1_000)}</span>
                )}
              </li>
            ))}
          </ol>
        )}
      </Card>
      <Card
        title="What happened"
        actions={
          <DownloadButton path={`/onboarding/status/${id}/logs?format=txt`}>
            Download the log
          </DownloadButton>
        }
      >
        {activity.length === 0 ? (
          <Nothing>Nothing yet.</Nothing>
        ) : (
          <ol class="log" tabIndex={0} aria-label="What happened, newest last">
            {activity.map(({ at, level, message }, index) => (
              <li key={index} class={level}>
                <time dateTime={at} class="figure">
                  {timeOfDay(at)}
                </time>{' '}
                {level !== 'info' && <strong>{level}: </strong>}
                {message}
              </li>
            ))}
          </ol>
        )}
      </Card>
    </>
  )
}

const TONES: Readonly<Record<OnboardingStatus['phases'][number]['status'], BadgeTone>> = {
  pending: 'quiet',
  running: 'busy',
  completed: 'good',
  failed: 'critical',
}

function wordsOf({
  status,
  overall_progress: overall,
  current_phase_progress: now,
}: OnboardingStatus) {
  if (status === 'not_started') return 'Nothing has been started yet.'
  if (status === 'failed') return 'The computation failed.'
  if (status !== 'running') return 'Done.'
  const phases = `${number(overall.phases_completed)} of ${count(overall.phases_total, 'phase')} done`
  const within =
    now.total > 0 ? ` (${number(now.current)} of ${number(now.total)} ${now.unit})` : ''
  return `${sentence(overall.current_phase ?? 'starting')}${within}. ${phases}.`
}

function Restart({
  id,
  isFailed,
  onStarted,
}: {
  readonly id: string
  readonly isFailed: boolean
  readonly onStarted: () => void
}) {
  const client = useClient()
  const { run, isBusy, problem } = useAction(async () => {
    await client.post(`/portfolios/${id}/calculate`)
    onStarted()
  })
  return (
    <>
      {problem !== null && <ProblemNotice title="Nothing was started" problem={problem} />}
      <Notice
        tone={isFailed ? 'critical' : 'info'}
        title={isFailed ? 'The computation failed' : 'Nothing is running'}
      >
        <p>
          {isFailed
            ? 'The positions are stored; only the figures are missing. The log below says what went wrong.'
            : 'The positions are stored and their figures can be computed.'}
        </p>
        <button
          type="button"
          class="primary"
          disabled={isBusy}
          onClick={() => {
            run()
          }}
        >
          {isBusy ? 'Starting…' : isFailed ? 'Try again' : 'Start'}
        </button>
      </Notice>
    </>
  )
}
