import { useLocation } from 'preact-iso'
import { useRef, useState } from 'preact/hooks'
import type { DryRun, Uploaded } from '../api/contracts.ts'
import { Problem, type ProblemRow } from '../api/problem.ts'
import { useClient } from '../session/session-context.tsx'
import { accountTypeName, ACCOUNT_TYPE_CODES } from '../format/words.ts'
import { Field } from '../ui/field.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { useAction } from '../ui/use-action.ts'
import { plainAmount } from './plain-amount.ts'
import { FileDrop } from './file-drop.tsx'
import { FileErrors } from './file-errors.tsx'

type Intent = 'check' | 'upload'

/** Uploads a file and goes to what came of it. What is wrong is told at the field, or beside the file's rows. */
export function UploadForm() {
  const client = useClient()
  const { route } = useLocation()
  const form = useRef<HTMLFormElement>(null)
  const [file, setFile] = useState<{ readonly file: File; readonly text: string } | null>(null)
  const [checked, setChecked] = useState<DryRun | null>(null)
  const { run, isBusy, problem, clear } = useAction(async (intent: Intent) => {
    setChecked(null)
    if (form.current === null) return
    const body = bodyOf(form.current, file?.file ?? null)
    if (intent === 'check') {
      setChecked(await client.postForm<DryRun>('/portfolios?dry_run=true', body))
      return
    }
    const made = await client.postForm<Uploaded>('/portfolios', body)
    const page = `/portfolio/${made.portfolio_id}`
    route(made.status === 'processing' ? `${page}/progress` : page)
  })
  const errorsOf = (field: string) =>
    (problem?.rows ?? []).filter((row) => row.line === undefined && row.field === field)
  const fileRows = (problem?.rows ?? []).filter(({ line }) => line !== undefined)
  return (
    <form
      ref={form}
      class="upload"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        run('upload')
      }}
    >
      {problem !== null && (
        <ProblemNotice
          title={titleOf(problem, fileRows.length)}
          problem={withoutPlacedRows(problem)}
        />
      )}
      {checked !== null && <Notice tone="good" title={checked.message} />}
      <FileDrop
        file={file?.file ?? null}
        errors={errorsOf('csv_file')}
        onFile={(chosen) => {
          clear()
          setChecked(null)
          void chosen.text().then((text) => {
            setFile({ file: chosen, text })
          })
        }}
      />
      {file !== null && fileRows.length > 0 && <FileErrors text={file.text} rows={fileRows} />}
      <FormFields errorsOf={errorsOf} />
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Working…' : 'Upload'}
        </button>
        <button
          type="button"
          disabled={isBusy}
          onClick={() => {
            run('check')
          }}
        >
          Check only
        </button>
        <a href="/api/v1/onboarding/csv-template">CSV template</a>
      </div>
    </form>
  )
}

function FormFields({ errorsOf }: { readonly errorsOf: (field: string) => readonly ProblemRow[] }) {
  return (
    <div class="fields">
      <Field label="Portfolio name" errors={errorsOf('portfolio_name')}>
        {(wiring) => <input {...wiring} name="portfolio_name" autocomplete="off" />}
      </Field>
      <Field label="Account name" errors={errorsOf('account_name')}>
        {(wiring) => <input {...wiring} name="account_name" autocomplete="off" />}
      </Field>
      <Field label="Account type" errors={errorsOf('account_type')}>
        {(wiring) => (
          <select {...wiring} name="account_type">
            {ACCOUNT_TYPE_CODES.map((code) => (
              <option key={code} value={code}>
                {accountTypeName(code)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Equity (USD)"
        hint="Net asset value of the whole account today, cash included."
        errors={errorsOf('equity_balance')}
      >
        {(wiring) => (
          <input {...wiring} name="equity_balance" inputMode="decimal" autocomplete="off" />
        )}
      </Field>
    </div>
  )
}

function bodyOf(form: HTMLFormElement, file: File | null): FormData {
  const body = new FormData(form)
  const equity = body.get('equity_balance')
  if (typeof equity === 'string') body.set('equity_balance', plainAmount(equity))
  if (file !== null) body.set('csv_file', file)
  return body
}

function titleOf({ code, rows }: Problem, lines: number): string {
  if (lines > 0) {
    const errors = rows.length === 1 ? '1 error' : `${rows.length} errors`
    return `${errors} in the file. Nothing was imported.`
  }
  return code === 'NO_PRICE_DATA' ? 'There are no market prices yet' : 'Nothing was imported'
}

/** Rows that stand at a field or beside the file are not said twice. */
function withoutPlacedRows(problem: Problem): Problem {
  const placed = ['portfolio_name', 'account_name', 'account_type', 'equity_balance', 'csv_file']
  const rows = problem.rows.filter(
    ({ line, field }) => line === undefined && !placed.includes(field ?? ''),
  )
  const { status, code, message, requestId } = problem
  return new Problem({ status, code, detail: message, requestId, rows })
}
