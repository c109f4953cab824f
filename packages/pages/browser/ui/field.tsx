import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** What an input needs to be tied to its label, hint and error. */
export interface FieldWiring {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': boolean | undefined
}

/** A labelled input with a hint, and the error that the server had to say of it. */
export function Field({
  label,
  hint,
  errors = [],
  children,
}: {
  readonly label: string
  readonly hint?: string
  readonly errors?: readonly { readonly code: string; readonly message: string }[]
  readonly children: (wiring: FieldWiring) => ComponentChildren
}) {
  const id = useId()
  const hintId = hint === undefined ? [] : [`${id}-hint`]
  const errorId = errors.length === 0 ? [] : [`${id}-error`]
  const described = [...errorId, ...hintId].join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': errors.length > 0 ? true : undefined,
      })}
      {errors.length > 0 && (
        <p class="field-error" id={`${id}-error`}>
          {errors.map(({ code, message }) => (
            <span key={code}>
              ✕ {message} <code>{code}</code>{' '}
            </span>
          ))}
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
