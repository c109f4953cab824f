import { prepareDesign, type Design } from '../../src/regression/design.ts'
import { fitMany, type Fits } from '../../src/regression/fit-many.ts'

/** The design of columns that must be fit for it. */
export function designOf(columns: readonly Float64Array[], alpha: number): Design {
  const prepared = prepareDesign(columns, alpha)
  if (!prepared.ok) throw new Error(`refused: ${prepared.reason}`)
  return prepared.design
}

/** Fits whole columns, laid out one after another. */
export function fitColumns(design: Design, outputs: readonly Float64Array[]): Fits {
  const n = design.observations
  const values = new Float64Array(outputs.length * n)
  for (const [i, output] of outputs.entries()) values.set(output, i * n)
  return fitMany(design, {
    values,
    starts: Int32Array.from(outputs, (_, i) => i * n),
    rows: Int32Array.from({ length: n }, (_, t) => t),
  })
}
