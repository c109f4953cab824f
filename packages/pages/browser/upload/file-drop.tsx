import { useState } from 'preact/hooks'
import type { ProblemRow } from '../api/problem.ts'
import { number } from '../format/numbers.ts'
import { Field } from '../ui/field.tsx'

/** A file that is dropped here, or chosen by keyboard or mouse. */
export function FileDrop({
  file,
  errors,
  onFile,
}: {
  readonly file: File | null
  readonly errors: readonly ProblemRow[]
  readonly onFile: (file: File) => void
}) {
  const [isOver, setOver] = useState(false)
  const take = (files: FileList | null | undefined) => {
    const [first] = files ?? []
    if (first !== undefined) onFile(first)
  }
  return (
    <div
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => {
        setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer?.files)
      }}
    >
      <Field
        label="Positions (CSV)"
        hint="Drop the file here, or choose it. At most 10 MB and 10,000 rows."
        errors={errors}
      >
        {(wiring) => (
          <input
            {...wiring}
            type="file"
            accept=".csv,text/csv"
            onChange={(event) => {
              take(event.currentTarget.files)
              // The same file, corrected, is to be taken again.
              event.currentTarget.value = ''
            }}
          />
        )}
      </Field>
      <p class="chosen" role="status">
        {file === null ? 'No file yet.' : `${file.name} · ${sizeOf(file)}`}
      </p>
    </div>
  )
}

function sizeOf({ size }: File): string {
  return size < 10_000 ? `${number(size)} bytes` : `${number(size / 1_000)} kB`
}
