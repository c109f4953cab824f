/** A symbol in the exchange's own form, upper case (`BRK.B`, `^GSPC`, `AAPL240119C00150000`). */
export type Ticker = string & { readonly __ticker: true }
