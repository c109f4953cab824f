/** The part of ml-regression that serves as an oracle here; the package brings no types. */
declare module 'ml-regression' {
  export class MultivariateLinearRegression {
    /** Rows are observations. `weights[j][i]` is the coefficient of input j for output i, the intercept last. */
    constructor(
      inputs: readonly (readonly number[])[],
      outputs: readonly (readonly number[])[],
      options: { readonly intercept: boolean; readonly statistics: boolean },
    )
    readonly weights: readonly (readonly number[])[]
  }
}
