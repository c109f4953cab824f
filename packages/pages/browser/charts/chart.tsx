import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/**
 * A drawing of the plotting library at the width there is, drawn anew when the width or `draw` changes. To
 * whoever cannot see it, it is an image that `summary` tells; its numbers belong into a table beside it.
 */
export function Chart({
  draw,
  summary,
  minHeight,
}: {
  /** Keep it the same (`useCallback`) while what it draws is. */
  readonly draw: (width: number) => Element | readonly Element[]
  readonly summary: string
  /** Kept free before the first drawing, so that nothing jumps. */
  readonly minHeight: number
}) {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)

  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const measure = () => {
      setWidth(Math.floor(element.clientWidth))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [])

  useEffect(() => {
    if (width === 0) return
    const drawn = [draw(width)].flat()
    for (const drawing of drawn) {
      // The image has one name, its summary; names of its parts would be names of nothing.
      for (const part of drawing.querySelectorAll('[aria-label]'))
        part.removeAttribute('aria-label')
    }
    frame.current?.replaceChildren(...drawn)
  }, [draw, width])

  return (
    <div
      class="chart"
      ref={frame}
      role="img"
      aria-label={summary}
      style={width === 0 ? { minHeight: `${minHeight}px` } : {}}
    />
  )
}
