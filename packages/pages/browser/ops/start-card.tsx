import { useState } from 'preact/hooks'
import { useClient } from '../session/session-context.tsx'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { formValues } from '../ui/form-values.ts'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { useAction } from '../ui/use-action.ts'
import type { BatchStatus, Started } from './contracts.ts'

const TRIGGERS = [
  { name: 'market-data', label: 'Fetch missing prices' },
  { name: 'correlations', label: 'Compute correlations again' },
  { name: 'company-profiles', label: 'Fetch due profiles' },
] as const

/** Starts runs: whole ones with their dates, or a single phase. */
export function StartCard({
  status,
  onStarted,
}: {
  readonly status: BatchStatus | null
  readonly onStarted: () => void
}) {
  const client = useClient()
  const [isStarted, setStarted] = useState(false)
  const { run, isBusy, problem } = useAction(
    async ({ path, body }: { readonly path: string; readonly body?: object }) => {
      setStarted(false)
      await client.post<Started>(path, body)
      setStarted(true)
      onStarted()
    },
  )
  return (
    <Card title="Start a run">
      {problem !== null && <ProblemNotice title="Nothing was started" problem={problem} />}
      {isStarted && <Notice tone="good" title="Started. It shows under “Running now”." />}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          run({ path: '/admin/batch/run', body: requestOf(event.currentTarget) })
        }}
      >
        <RunFields isLegacy={status?.mode === 'legacy'} />
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Starting…' : 'Start'}
        </button>
      </form>
      <h3>A single phase</h3>
      <div class="buttons">
        {TRIGGERS.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            disabled={isBusy}
            onClick={() => {
              run({ path: `/admin/batch/trigger/${name}` })
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </Card>
  )
}

function RunFields({ isLegacy }: { readonly isLegacy: boolean }) {
  return (
    <div class="fields">
      <Field label="Job">
        {(wiring) => (
          <select {...wiring} name="job">
            <option value="all">{isLegacy ? 'Combined batch' : 'Symbols, then portfolios'}</option>
            {!isLegacy && <option value="symbol_batch">Symbol batch</option>}
            {!isLegacy && <option value="portfolio_refresh">Portfolio refresh</option>}
          </select>
        )}
      </Field>
      <Field label="What is done again">
        {(wiring) => (
          <select {...wiring} name="reprocess">
            <option value="missing">Only what is missing</option>
            <option value="failed">What failed, too</option>
            <option value="all">Everything</option>
          </select>
        )}
      </Field>
      <Field label="From" hint="Both dates, or neither.">
        {(wiring) => <input {...wiring} name="start_date" type="date" />}
      </Field>
      <Field label="To">{(wiring) => <input {...wiring} name="end_date" type="date" />}</Field>
      <Field label="Portfolio id" hint="Empty: all portfolios.">
        {(wiring) => (
          <input {...wiring} name="portfolio_id" autocomplete="off" spellcheck={false} />
        )}
      </Field>
      <label class="check">
        <input type="checkbox" name="force" /> Cancel a run that is in the way
      </label>
    </div>
  )
}

/** Without the fields that were left empty. */
function requestOf(form: HTMLFormElement): object {
  const { force, ...texts } = formValues(form)
  const given = Object.entries(texts).filter(([, value]) => value.trim() !== '')
  return { ...Object.fromEntries(given), force: force === 'on' }
}
