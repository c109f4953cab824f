import { useState } from 'preact/hooks'
import type { ProblemRow } from '../api/problem.ts'
import { number } from '../format/numbers.ts'
import { fileLines } from './file-lines.ts'

/** So many lines with errors are shown before the rest is asked for. */
const FIRST_LINES = 25

/** The lines of the file that are wrong, as they are in it, each with what is wrong about it. */
export function FileErrors({
  text,
  rows,
}: {
  readonly text: string
  readonly rows: readonly ProblemRow[]
}) {
  const [isAll, setAll] = useState(false)
  const lines = fileLines(text)
  const byLine = [...Map.groupBy(rows, ({ line }) => line ?? 0)].sort(([a], [b]) => a - b)
  const shown = isAll ? byLine : byLine.slice(0, FIRST_LINES)
  return (
    <div class="file-errors">
      <div class="scroll" tabIndex={0} role="region" aria-label="Lines of the file with errors">
        <table>
          <caption class="unseen">Lines of the file with errors</caption>
          <thead>
            <tr>
              <th scope="col" class="figure">
                Line
              </th>
              <th scope="col">In the file</th>
            </tr>
          </thead>
          <tbody>
            <tr class="header-line">
              <td class="figure">1</td>
              <td>
                <code>{lines[0]}</code>
              </td>
            </tr>
            {shown.map(([line, own]) => (
              <tr key={line}>
                <th scope="row" class="figure">
                  {number(line)}
                </th>
                <td>
                  {line > 1 && <code class="bad-line">{lines[line - 1] ?? ''}</code>}
                  <ul>
                    {own.map(({ code, field, message }, index) => (
                      <li key={index}>
                        ✕ {field !== undefined && <strong>{field}: </strong>}
                        {message} <code>{code}</code>
                      </li>
                    ))}
                  </ul>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {byLine.length > shown.length && (
        <button
          type="button"
          class="small"
          onClick={() => {
            setAll(true)
          }}
        >
          Show all {number(byLine.length)} lines with errors
        </button>
      )}
    </div>
  )
}
