import { useState } from 'preact/hooks'
import { toProblem, type Problem } from '../api/problem.ts'
import { useClient } from '../session/session-context.tsx'
import { saveFile } from './save-file.ts'

/** Downloads a file of the API, which asks for the token that a link does not have. */
export function DownloadButton({
  path,
  children,
}: {
  readonly path: string
  readonly children: string
}) {
  const client = useClient()
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, setBusy] = useState(false)
  const download = () => {
    setBusy(true)
    setProblem(null)
    client
      .download(path)
      .then(saveFile, (thrown: unknown) => {
        setProblem(toProblem(thrown))
      })
      .finally(() => {
        setBusy(false)
      })
  }
  return (
    <span class="download">
      <button type="button" class="small" disabled={isBusy} onClick={download}>
        {children}
      </button>
      {problem !== null && (
        <span class="field-error" role="alert">
          ✕ {problem.message} <code>{problem.code}</code>
        </span>
      )}
    </span>
  )
}
