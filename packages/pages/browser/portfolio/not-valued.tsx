import { useLocation } from 'preact-iso'
import type { Calculation, OnboardingStatus } from '../api/contracts.ts'
import type { Query } from '../api/use-api.ts'
import { reasonWords } from '../format/words.ts'
import { useClient } from '../session/session-context.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { useAction } from '../ui/use-action.ts'

/** What stands in the place of the figures before there are any, and how to get them. */
export function NotValued({
  id,
  reason,
  status,
}: {
  readonly id: string
  readonly reason: string | undefined
  readonly status: Query<OnboardingStatus>
}) {
  const client = useClient()
  const { route } = useLocation()
  const { run, isBusy, problem } = useAction(async () => {
    await client.post<Calculation>(`/portfolios/${id}/calculate`)
    route(`/portfolio/${id}/progress`)
  })
  const isRunning = status.data?.status === 'running'
  return (
    <>
      {problem !== null && <ProblemNotice title="Nothing was started" problem={problem} />}
      <Notice tone="info" title="This portfolio has no figures yet">
        <p>
          Because {reasonWords(reason)}.{' '}
          {isRunning ? 'A run is computing them now.' : 'Its positions are below.'}
        </p>
        {isRunning ? (
          <p>
            <a href={`/portfolio/${id}/progress`}>Watch the progress</a>
          </p>
        ) : (
          <button
            type="button"
            class="primary"
            disabled={isBusy}
            onClick={() => {
              run()
            }}
          >
            {isBusy ? 'Starting…' : 'Compute them now'}
          </button>
        )}
      </Notice>
    </>
  )
}
