/** A gain or a loss: an arrow and a sign say what the colour says too. */
export function Signed({
  value,
  text,
}: {
  readonly value: number | null
  /** The value with its sign. */
  readonly text: string
}) {
  if (value === null || value === 0) return <span class="signed">{text}</span>
  const isGain = value > 0
  return (
    <span class={isGain ? 'signed gain' : 'signed loss'}>
      <span class="arrow" aria-hidden="true">
        {isGain ? '▲' : '▼'}
      </span>
      {text}
    </span>
  )
}
